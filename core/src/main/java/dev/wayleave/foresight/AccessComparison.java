package dev.wayleave.foresight;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.engine.InternetRanges;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares which senders two policies let reach which destinations.
 *
 * <p>Rules only ever allow. So what a node may reach is the union of what each kind of sender that it belongs to may
 * reach of each kind of destination, and two policies are equal if they are for each pair of kinds:
 *
 * <pre>
 *   senders ──► rules that name each ─┐
 *                                     ├─► rules in common ──► what passes before, after ──► lost, gained
 *   destinations ──► rules that open ─┘
 * </pre>
 *
 * <p>Kinds that the same rules name are compared once, and pairs that only rules of both policies concern not at all.
 */
final class AccessComparison {

    /**
     * Traffic that some senders lose or gain at some destinations: all of them the same.
     *
     * @param gain whether it is gained
     * @param flows what
     * @param sources the senders, by number
     * @param destinations the destinations, by number
     * @param self whether the senders' own devices are destinations
     * @param causes the rules that let it pass, of the policy that does
     * @param rest all rules that name the senders and open the destinations
     */
    record Block(
            boolean gain,
            BitSet flows,
            BitSet sources,
            BitSet destinations,
            boolean self,
            BitSet causes,
            BitSet rest) {}

    private record BlockKey(boolean gain, BitSet flows, BitSet sources) {}

    private record DestinationClass(DestinationAtom.Place place, BitSet rules) {}

    private static final class Cell {
        final BitSet sources = new BitSet();
        final BitSet causes = new BitSet();
        final BitSet rest = new BitSet();

        void add(BitSet atoms, FlowDelta delta, boolean gain) {
            sources.or(atoms);
            causes.or(gain ? delta.gaining() : delta.losing());
            rest.or(delta.rest());
        }
    }

    private record CellKey(boolean gain, BitSet flows) {}

    final RuleIndex index;
    final List<OwnerAtom> owners;
    final List<SourceAtom> sources;
    final List<DestinationAtom> destinations;
    final FlowSpace space;
    final InternetRanges internet;
    private final FlowDelta.Table deltas;

    /** The senders that rules of only one policy name, by all rules that name them. */
    private final Map<BitSet, BitSet> sourceClasses = new LinkedHashMap<>();

    private final Map<DestinationClass, BitSet> destinationClasses = new LinkedHashMap<>();

    /** The senders outside of the tailnet. */
    private final BitSet outside = new BitSet();

    AccessComparison(RoutingPolicy before, RoutingPolicy after, RoutingSettings settings, List<OwnerAtom> owners) {
        this.internet = new InternetRanges(settings.overlay().publicInternet());
        this.index = new RuleIndex(before, after, internet.all());
        this.owners = owners;
        boolean same = index.changed.isEmpty();
        this.sources = same ? List.of() : SourceAtom.of(index, owners, settings.overlay());
        this.destinations = same ? List.of() : DestinationAtom.of(index, owners, settings.overlay(), internet);
        this.space = new FlowSpace(index.rules);
        boolean reachable = settings.exit() == ExitRule.REACHABLE;
        this.deltas = new FlowDelta.Table(index, space, internet, reachable);
        classify();
    }

    private void classify() {
        for (int i = 0; i < sources.size(); i++) {
            outside.set(i, sources.get(i).outside());
            if (sources.get(i).rules().intersects(index.changed)) {
                sourceClasses
                        .computeIfAbsent(sources.get(i).rules(), r -> new BitSet())
                        .set(i);
            }
        }
        for (int i = 0; i < destinations.size(); i++) {
            DestinationAtom atom = destinations.get(i);
            if (atom.rules().intersects(index.changed)) {
                destinationClasses
                        .computeIfAbsent(new DestinationClass(atom.place(), atom.rules()), r -> new BitSet())
                        .set(i);
            }
        }
    }

    /** Everything that is lost or gained, senders and destinations with the same together. */
    List<Block> blocks() {
        Map<BlockKey, Block> blocks = new LinkedHashMap<>();
        destinationClasses.forEach(
                (its, atoms) -> cells(its, atoms).forEach((key, cell) -> add(blocks, key, cell, atoms, false)));
        selfCells().forEach((key, cell) -> add(blocks, key, cell, new BitSet(), true));
        return List.copyOf(blocks.values());
    }

    private static void add(Map<BlockKey, Block> blocks, CellKey key, Cell cell, BitSet atoms, boolean self) {
        Block known = blocks.get(new BlockKey(key.gain(), key.flows(), cell.sources));
        Block block = known == null
                ? new Block(key.gain(), key.flows(), cell.sources, (BitSet) atoms.clone(), self, cell.causes, cell.rest)
                : new Block(
                        key.gain(),
                        key.flows(),
                        cell.sources,
                        BitSets.union(known.destinations(), atoms),
                        known.self() || self,
                        BitSets.union(known.causes(), cell.causes),
                        BitSets.union(known.rest(), cell.rest));
        blocks.put(new BlockKey(key.gain(), key.flows(), cell.sources), block);
    }

    /** Who loses or gains what at one kind of destination. */
    private Map<CellKey, Cell> cells(DestinationClass its, BitSet atoms) {
        Map<CellKey, Cell> cells = new LinkedHashMap<>();
        BitSet relevant = BitSets.common(its.rules(), index.changed);
        sourceClasses.forEach((rules, senders) -> {
            if (rules.intersects(relevant)) {
                FlowDelta delta = deltas.of(BitSets.common(rules, its.rules()), its.place());
                if (!delta.isEmpty() && isPair(senders, atoms)) {
                    add(cells, senders, delta);
                }
            }
        });
        return cells;
    }

    private void add(Map<CellKey, Cell> cells, BitSet senders, FlowDelta delta) {
        for (boolean gain : new boolean[] {false, true}) {
            BitSet flows = delta.flows(gain);
            // What is outside of the tailnet sees no peers and no routes.
            BitSet its = FlowSpace.passesAnything(flows) ? senders : BitSets.without(senders, outside);
            if (!flows.isEmpty() && !its.isEmpty()) {
                cells.computeIfAbsent(new CellKey(gain, flows), k -> new Cell()).add(its, delta, gain);
            }
        }
    }

    /** Whether some sender and some destination are two persons, so that they are not devices of one user. */
    private boolean isPair(BitSet senders, BitSet targets) {
        return senders.stream().anyMatch(sender -> targets.stream().anyMatch(target -> isPair(sender, target)));
    }

    boolean isPair(int sender, int target) {
        OwnerAtom one = sources.get(sender).ownerOrNull();
        OwnerAtom other = destinations.get(target).ownerOrNull();
        return one == null || other == null || !one.isPersonOf(other);
    }

    // The sender's own devices

    private Map<CellKey, Cell> selfCells() {
        Map<OwnerAtom, List<DestinationAtom>> own = new HashMap<>();
        destinations.stream()
                .filter(atom -> atom.ownerOrNull() != null)
                .forEach(atom -> own.computeIfAbsent(atom.ownerOrNull(), o -> new ArrayList<>())
                        .add(atom));
        Map<CellKey, Cell> cells = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            SourceAtom sender = sources.get(i);
            OwnerAtom owner = sender.ownerOrNull();
            if (owner != null && owner.isUser() && sender.rules().intersects(index.changed)) {
                for (DestinationAtom target : own.getOrDefault(owner, List.of())) {
                    FlowDelta delta = selfDelta(sender, target);
                    if (!delta.isEmpty()) {
                        BitSet senders = new BitSet();
                        senders.set(i);
                        add(cells, senders, delta);
                    }
                }
            }
        }
        return cells;
    }

    /** Empty where the rule for the user's nodes has the same delta already. */
    private FlowDelta selfDelta(SourceAtom sender, DestinationAtom target) {
        BitSet plain = BitSets.common(sender.rules(), target.rules());
        BitSet all = BitSets.common(sender.rules(), BitSets.union(target.rules(), index.self));
        FlowDelta delta = deltas.of(all, target.place());
        FlowDelta without = deltas.of(plain, target.place());
        BitSet senders = sourceClasses.get(sender.rules());
        BitSet targets = destinationClasses.get(new DestinationClass(target.place(), target.rules()));
        boolean isSaid = senders != null && targets != null && delta.hasFlowsOf(without) && isPair(senders, targets);
        return isSaid ? new FlowDelta(new BitSet(), new BitSet(), plain, plain, plain) : delta;
    }
}
