package dev.wayleave.policy;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.IpSetDefinition.Operation;
import dev.wayleave.policy.IpSetDefinition.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Works out what the IP sets of a policy hold; for one thread. */
final class IpSets {

    /**
     * Learns of operations that have no result.
     *
     * <p>The operation is left out, and the work goes on.
     */
    interface Faults {

        /** The operation adds or removes a set that is on the way to it. */
        default void circle(String set, int operation) {}

        /** The operation names a set that the policy does not define. */
        default void unknown(String set, int operation) {}

        /** The set of the operation, with the sets in it, is more levels than allowed. */
        default void tooDeep(String set, int operation) {}
    }

    /** For a policy that was accepted. */
    static final Faults NO_FAULTS = new Faults() {};

    /** The effect of operations on any set: first they take out, then they put in. */
    private record Change(AddressSet removed, AddressSet added) {

        static final Change NONE = new Change(AddressSet.empty(), AddressSet.empty());

        Change then(Change next) {
            return new Change(
                    removed.union(next.removed), added.subtract(next.removed).union(next.added));
        }
    }

    /** The content of a set, on how many levels, and whether none of its operations was left out. */
    private record Resolution(AddressSet addresses, int levels, boolean whole) {}

    private final Map<String, IpSetDefinition> definitions;
    private final Map<String, Prefix> hosts;
    private final AddressSet internet;
    private final int mostLevels;
    private final Faults faults;

    /** Sets of which operations were left out before. */
    private final Set<String> faulty;

    private final Map<String, Resolution> resolved = new HashMap<>();

    /** The sets that are being worked out, the outermost first, each with the operation that is looked at. */
    private final Map<String, Integer> onTheWay = new LinkedHashMap<>();

    private final Set<String> tooDeep = new HashSet<>();

    IpSets(
            Map<String, IpSetDefinition> definitions,
            Map<String, Prefix> hosts,
            AddressSet internet,
            int mostLevels,
            Faults faults,
            Set<String> faulty) {
        this.definitions = definitions;
        this.hosts = hosts;
        this.internet = internet;
        this.mostLevels = mostLevels;
        this.faults = faults;
        this.faulty = faulty;
    }

    AddressSet addresses(String name) {
        return resolve(name).addresses();
    }

    boolean isWhole(String name) {
        return resolve(name).whole();
    }

    /** The way to a set is never longer than the levels that are allowed, so that recursion does no harm. */
    private Resolution resolve(String name) {
        Resolution known = resolved.get(name);
        if (known != null) {
            return known;
        }
        List<Operation> operations =
                definitions.getOrDefault(name, new IpSetDefinition(List.of())).operations();
        List<Change> changes = new ArrayList<>(operations.size());
        int levels = 1;
        boolean whole = !faulty.contains(name);
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            AddressSet addresses = AddressSet.empty();
            onTheWay.put(name, i);
            if (operation.target() instanceof Target.Nested nested) {
                Resolution inner = nested(name, i, nested.name());
                addresses = inner.addresses();
                levels = Math.max(levels, inner.levels() + 1);
                whole &= inner.whole();
            } else {
                addresses = addresses(operation.target());
            }
            changes.add(
                    operation.removes()
                            ? new Change(addresses, AddressSet.empty())
                            : new Change(AddressSet.empty(), addresses));
        }
        onTheWay.remove(name);
        Resolution result = new Resolution(one(changes).added(), levels, whole);
        resolved.put(name, result);
        return result;
    }

    private Resolution nested(String name, int operation, String inner) {
        Resolution none = new Resolution(AddressSet.empty(), 0, false);
        if (!definitions.containsKey(inner)) {
            faults.unknown(name, operation);
            return none;
        }
        if (onTheWay.containsKey(inner)) {
            faults.circle(name, operation);
            return none;
        }
        if (onTheWay.size() >= mostLevels) {
            // the sets between may be right by themselves: it is the outermost that is too deep
            Map.Entry<String, Integer> outermost =
                    onTheWay.entrySet().iterator().next();
            if (tooDeep.add(outermost.getKey())) {
                faults.tooDeep(outermost.getKey(), outermost.getValue());
            }
            return none;
        }
        Resolution result = resolve(inner);
        if (result.levels() >= mostLevels) {
            if (tooDeep.add(name)) {
                faults.tooDeep(name, operation);
            }
            return none;
        }
        return result;
    }

    private AddressSet addresses(Target target) {
        if (target instanceof Target.Block block) {
            return AddressSet.of(block.prefix());
        }
        if (target instanceof Target.Range range) {
            return AddressSet.ofRanges(List.of(range.range()));
        }
        if (target instanceof Target.Internet) {
            return internet;
        }
        Prefix host = target instanceof Target.NamedHost named ? hosts.get(named.name()) : null;
        return host == null ? AddressSet.empty() : AddressSet.of(host);
    }

    /**
     * Halves are joined, and not one after the other: each address is looked at a few times, and not once an operation.
     */
    private static Change one(List<Change> changes) {
        if (changes.size() <= 1) {
            return changes.isEmpty() ? Change.NONE : changes.get(0);
        }
        int half = changes.size() / 2;
        return one(changes.subList(0, half)).then(one(changes.subList(half, changes.size())));
    }
}
