package dev.wayleave.examples.server.plane;

import dev.wayleave.examples.server.plane.HostTables.KeyRow;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Gate;
import dev.wayleave.mesh.NodeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of the callers that may use the API. A key is {@code wlk_NUMBER_SECRET}, the secret 256 random bits; of
 * these only a hash is kept, and hashes are compared in constant time. {@link #caller} does not block, the rest does.
 */
public final class Keys implements Gate {

    /** A name goes into the library's records as part of an actor. */
    public static final int LONGEST_NAME = 100;

    private static final String PREFIX = "wlk_";
    private static final int SECRET_BYTES = 32;
    private static final int LONGEST = 100;
    private static final byte[] NO_HASH = new byte[SECRET_BYTES];

    private final HostTables tables;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, KeyRow> keys = new ConcurrentSkipListMap<>();

    /** The number of changes of the keys when they were read last. */
    private long changes;

    public Keys(HostTables tables, InstantSource clock) {
        this.tables = tables;
        this.clock = clock;
        changes = tables.keyChanges();
        tables.keys().forEach(key -> keys.put(key.id(), key));
    }

    /**
     * Reads the keys that other processes made and deleted. Blocks.
     *
     * @return the numbers of the keys that hold no longer
     */
    public synchronized Set<Long> refresh() {
        long now = tables.keyChanges();
        if (now == changes) {
            return Set.of();
        }
        Map<Long, KeyRow> stored = tables.keys().stream().collect(Collectors.toMap(KeyRow::id, Function.identity()));
        Set<Long> over = keys.values().stream()
                .filter(key -> !key.equals(stored.get(key.id())))
                .map(KeyRow::id)
                .collect(Collectors.toSet());
        keys.putAll(stored);
        keys.keySet().retainAll(stored.keySet());
        changes = now;
        return over;
    }

    /** A new key, this once as text. */
    public record NewKey(KeyRow row, String key) {}

    @Override
    public Optional<Caller> caller(String key) {
        Optional<KeyRow> row = row(key);
        byte[] stored = row.map(found -> HexFormat.of().parseHex(found.hash())).orElse(NO_HASH);
        boolean same = MessageDigest.isEqual(stored, hash(key));
        return row.filter(found -> same).map(Keys::caller);
    }

    private static Caller caller(KeyRow row) {
        return new Caller(row.id(), scope(row), row.name(), row.node());
    }

    private static Scope scope(KeyRow row) {
        return Scope.valueOf(row.scope().toUpperCase(Locale.ROOT));
    }

    private Optional<KeyRow> row(String key) {
        int end = key.indexOf('_', PREFIX.length());
        if (!key.startsWith(PREFIX) || end < 0 || key.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(keys.get(Long.parseLong(key.substring(PREFIX.length(), end))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a key that is for no agent. */
    public synchronized NewKey create(Scope scope, String name) {
        return create(tables.next("key"), scope, name, 0);
    }

    /** Makes the key of a node's agent. An older one holds no longer. */
    synchronized NewKey createForAgent(NodeId node, String name) {
        long id = keys.values().stream()
                .filter(key -> key.node() == node.value())
                .map(KeyRow::id)
                .findFirst()
                .orElseGet(() -> tables.next("key"));
        return create(id, Scope.AGENT, name, node.value());
    }

    private NewKey create(long id, Scope scope, String name, long node) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String key = beginning(id) + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        KeyRow row = new KeyRow(
                id,
                HexFormat.of().formatHex(hash(key)),
                scope.name().toLowerCase(Locale.ROOT),
                node,
                name,
                clock.instant().toString());
        tables.put(row);
        keys.put(id, row);
        return new NewKey(row, key);
    }

    public List<KeyRow> all() {
        return new ArrayList<>(keys.values());
    }

    /** {@return what the text of each key with this number begins with} */
    public static String beginning(long id) {
        return PREFIX + id + "_";
    }

    /**
     * Deletes a key, if there is one with this number.
     *
     * @throws ApiException for the last key that may do everything: nothing could be done without one
     */
    public synchronized boolean delete(long id) {
        KeyRow row = keys.get(id);
        if (row == null) {
            return false;
        }
        if (scope(row) == Scope.OPERATE
                && keys.values().stream().noneMatch(key -> key.id() != id && scope(key) == Scope.OPERATE)) {
            throw new ApiException(409, "key `" + id + "` is the last one that may do everything: make another first");
        }
        tables.deleteKey(id);
        keys.remove(id);
        return true;
    }

    /** Deletes the keys of a node's agent. */
    public synchronized Set<Long> deleteOf(NodeId node) {
        Set<Long> ids = keys.values().stream()
                .filter(key -> key.node() == node.value())
                .map(KeyRow::id)
                .collect(Collectors.toSet());
        ids.forEach(this::delete);
        return ids;
    }
}
