package dev.wayleave.mesh;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multimaps;
import dev.wayleave.internal.Copies;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All users of a tailnet, found by key and by the text that a policy writes for them.
 *
 * <p>Look-ups are {@code O(1)}.
 */
public final class Users {

    private static final Users NONE = new Users(ImmutableMap.of());

    /** In the order of the keys. */
    private final ImmutableMap<UserId, User> byId;

    private final ImmutableListMultimap<String, User> byName;

    /** By e-mail address in lower case: addresses match in any case, names do not. */
    private final ImmutableListMultimap<String, User> byEmail;

    private Users(ImmutableMap<UserId, User> byId) {
        this.byId = byId;
        this.byName = Multimaps.index(byId.values(), user -> user.name() + "@");
        ImmutableListMultimap.Builder<String, User> emails = ImmutableListMultimap.builder();
        for (User user : byId.values()) {
            user.email().ifPresent(email -> emails.put(email.toLowerCase(Locale.ROOT), user));
        }
        this.byEmail = emails.build();
    }

    /** {@return the empty collection} */
    public static Users none() {
        return NONE;
    }

    /**
     * Returns a collection of users.
     *
     * @param users in any order
     * @return the collection
     * @throws IllegalArgumentException if two users have the same key
     */
    public static Users of(Collection<User> users) {
        Copies.refuseNull(users, "users");
        TreeMap<UserId, User> byId = new TreeMap<>();
        for (User user : users) {
            if (byId.putIfAbsent(user.id(), user) != null) {
                throw new IllegalArgumentException("user id `" + user.id() + "` is given to two users");
            }
        }
        return new Users(ImmutableMap.copyOf(byId));
    }

    /**
     * Returns a collection of users.
     *
     * @param users in any order
     * @return the collection
     * @throws IllegalArgumentException if two users have the same key
     */
    public static Users of(User... users) {
        Copies.refuseNull(users, "users");
        return of(List.of(users));
    }

    /** {@return all users; in the order of their keys; immutable} */
    public List<User> all() {
        return byId.values().asList();
    }

    /**
     * Returns the user with a key.
     *
     * @param id the host's key
     * @return the user, if the tailnet has one
     */
    public Optional<User> find(UserId id) {
        Objects.requireNonNull(id, "id");
        return Optional.ofNullable(byId.get(id));
    }

    /**
     * Returns the users whom a policy's text names: by e-mail in any case, or by name with a trailing {@code @}. More
     * than one is a mistake in the tailnet, and a policy that writes such a text names no user by it.
     *
     * @param text for example {@code alice@example.com} or {@code alice@}; case matters in a name
     * @return in the order of their keys; immutable
     */
    public List<User> named(String text) {
        Objects.requireNonNull(text, "text");
        List<User> named = byName.get(text);
        List<User> mailed = byEmail.get(text.toLowerCase(Locale.ROOT));
        if (named.isEmpty() || mailed.isEmpty()) {
            return named.isEmpty() ? mailed : named;
        }
        return byId.values().stream()
                .filter(user -> named.contains(user) || mailed.contains(user))
                .toList();
    }

    /**
     * {@return the user whom a policy means with a text; empty if the text is that of no user or of several: the
     * library does not guess}
     *
     * @param text a name with a trailing {@code @}, or an e-mail
     */
    public Optional<UserId> onlyNamed(String text) {
        List<User> named = named(text);
        return named.size() == 1 ? Optional.of(named.get(0).id()) : Optional.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Users that && all().equals(that.all());
    }

    @Override
    public int hashCode() {
        return byId.hashCode();
    }

    /** {@return all users in brackets, for a person to read} */
    @Override
    public String toString() {
        return byId.values().toString();
    }
}
