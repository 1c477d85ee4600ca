package dev.wayleave.foresight;

import dev.wayleave.access.engine.InternetRanges;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The traffic that some rules let pass in one of two policies and not in the other.
 *
 * @param lost what passes only by the rules of the first policy, or what these show, if nothing passes
 * @param gained what passes only by those of the second
 * @param losing the rules of the first policy that let pass what is lost
 * @param gaining the rules of the second policy that let pass what is gained
 * @param rest the rules of both that let pass anything else
 */
record FlowDelta(BitSet lost, BitSet gained, BitSet losing, BitSet gaining, BitSet rest) {

    boolean isEmpty() {
        return lost.isEmpty() && gained.isEmpty();
    }

    BitSet flows(boolean ofGains) {
        return ofGains ? gained : lost;
    }

    boolean hasFlowsOf(FlowDelta other) {
        return lost.equals(other.lost) && gained.equals(other.gained);
    }

    /** Computes differences, and keeps them: many pairs of nodes are opened by the same rules. */
    static final class Table {

        private record Key(BitSet rules, DestinationAtom.Place place) {}

        private final RuleIndex index;
        private final FlowSpace space;
        private final List<Map<DestinationAtom.Place, BitSet>> flows;
        private final Map<Key, FlowDelta> known = new HashMap<>();

        Table(RuleIndex index, FlowSpace space, InternetRanges internet, boolean allPortsOpenTheInternet) {
            this.index = index;
            this.space = space;
            boolean isLed =
                    index.rules.stream().anyMatch(rule -> rule.isVia() && isForTheWholeInternet(rule, internet));
            this.flows = index.rules.stream()
                    .map(rule -> flows(rule, isLed && isForTheWholeInternet(rule, internet), allPortsOpenTheInternet))
                    .toList();
        }

        private Map<DestinationAtom.Place, BitSet> flows(ComparedRule rule, boolean whole, boolean allPorts) {
            BitSet traffic = new BitSet();
            traffic.set(FlowSpace.PEERS);
            rule.traffic().forEach(each -> traffic.or(space.of(each)));
            BitSet node = (BitSet) traffic.clone();
            BitSet exit = (BitSet) traffic.clone();
            if (!rule.isVia()) {
                space.addCapabilities(node, rule);
            }
            BitSet router = (BitSet) (rule.nodesAlone() ? traffic : node).clone();
            router.set(FlowSpace.ROUTE, rule.showsRoutes());
            node.set(FlowSpace.ALL_PORTS, allPorts && rule.passesEverything());
            exit.set(FlowSpace.WHOLE_INTERNET, whole);
            return Map.of(
                    DestinationAtom.Place.NODE, node,
                    DestinationAtom.Place.BEHIND_ROUTER, router,
                    DestinationAtom.Place.BEHIND_EXIT_NODE, exit);
        }

        private static boolean isForTheWholeInternet(ComparedRule rule, InternetRanges internet) {
            return !rule.traffic().isEmpty()
                    && rule.destinations().stream()
                            .anyMatch(selector -> selector instanceof Selector.Everything
                                    || selector == Autogroup.INTERNET
                                    || (selector instanceof Selector.Network network
                                            && internet.isHeldBy(network.prefix())));
        }

        /** The difference between what some rules let pass to a place, those of one policy and those of the other. */
        FlowDelta of(BitSet rules, DestinationAtom.Place place) {
            return known.computeIfAbsent(new Key(rules, place), this::compute);
        }

        private FlowDelta compute(Key key) {
            BitSet rulesBefore = index.of(key.rules(), false);
            BitSet rulesAfter = index.of(key.rules(), true);
            BitSet before = flows(rulesBefore, key.place());
            BitSet after = flows(rulesAfter, key.place());
            BitSet lost = BitSets.without(before, after);
            BitSet gained = BitSets.without(after, before);
            return new FlowDelta(
                    FlowSpace.essence(lost),
                    FlowSpace.essence(gained),
                    having(rulesBefore, key.place(), lost),
                    having(rulesAfter, key.place(), gained),
                    key.rules());
        }

        private BitSet flows(BitSet rules, DestinationAtom.Place place) {
            BitSet union = new BitSet();
            rules.stream().forEach(rule -> union.or(flowsOf(rule, place)));
            return union;
        }

        private BitSet having(BitSet rules, DestinationAtom.Place place, BitSet some) {
            BitSet result = new BitSet();
            rules.stream().filter(rule -> flowsOf(rule, place).intersects(some)).forEach(result::set);
            return result;
        }

        private BitSet flowsOf(int rule, DestinationAtom.Place place) {
            return flows.get(rule).getOrDefault(place, new BitSet());
        }
    }
}
