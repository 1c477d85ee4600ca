package dev.wayleave.access.engine;

import com.google.common.collect.Comparators;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.internal.SortedChunks;
import dev.wayleave.mesh.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The nodes of a tailnet, grouped by the rules that hold at them. Nodes of one class have equal {@link NodeRules}, and
 * so share one view.
 *
 * <pre>
 *   slot       0        1        2                     rule 0   admits the classes {0, 2}   is open at {1}
 *   class    rules    (free)   rules                   rule 1   admits the class   {2}      is open at {0}
 *            members           members
 * </pre>
 *
 * <p>A class has a slot, and its bit in sets of classes, for as long as it has members. A node that joins a known class
 * changes the members of that class and nothing else; only a class that appears or vanishes changes the sets of the
 * rules that it has. Rules of {@code autogroup:self} have no sets: a user has few classes, and these are asked.
 */
public final class NodeClasses {

    /**
     * Some nodes with the same rules.
     *
     * @param rules the rules, the same object as in each of the nodes
     * @param members at least one node
     */
    public record NodeClass(NodeRules rules, SortedChunks<NodeId, NodeId> members) {}

    private static final SortedChunks<NodeId, NodeId> NO_MEMBERS = SortedChunks.empty(id -> id);

    private final RuleNumbers numbers;

    /** By slot; null where it is free. */
    private final @Nullable NodeClass[] classes;

    /** The slots that are not free. A version in which each slot has the same class as before has the same array. */
    private final long[] occupied;

    private final PMap<NodeRules, Integer> slots;

    /** For each entry the classes that it admits, and those at which it is open; an array may be too short. */
    private final long[][] admitted;

    private final long[][] opened;

    /** For the place of a user the slots of the classes with rules of {@code autogroup:self} for this user. */
    private final PMap<Integer, int[]> ofUser;

    private NodeClasses(
            RuleNumbers numbers,
            @Nullable NodeClass[] classes,
            long[] occupied,
            PMap<NodeRules, Integer> slots,
            long[][] admitted,
            long[][] opened,
            PMap<Integer, int[]> ofUser) {
        this.numbers = numbers;
        this.classes = classes;
        this.occupied = occupied;
        this.slots = slots;
        this.admitted = admitted;
        this.opened = opened;
        this.ofUser = ofUser;
    }

    static NodeClasses empty(RuleNumbers numbers) {
        long[][] none = new long[numbers.entries()][0];
        return new NodeClasses(
                numbers, new NodeClass[0], new long[0], HashTreePMap.empty(), none, none, HashTreePMap.empty());
    }

    /** {@return how many slots there are, the free ones among them} */
    public int count() {
        return classes.length;
    }

    /** {@return how many classes have members} */
    public int size() {
        return slots.size();
    }

    /** {@return how many words a set of classes has} */
    public int words() {
        return (classes.length + 63) >>> 6;
    }

    /**
     * {@return the class in a slot; null if the slot is free}
     *
     * @param slot any number from 0 on
     */
    public @Nullable NodeClass at(int slot) {
        return slot < classes.length ? classes[slot] : null;
    }

    /**
     * {@return the slot of the nodes with some rules; -1 if there are none}
     *
     * @param rules rules whose numbers mean the same here
     */
    public int slot(NodeRules rules) {
        return slots.getOrDefault(rules, -1);
    }

    /** The classes with rules of {@code autogroup:self} for the user at a place. */
    int[] ofUser(int place) {
        return ofUser.getOrDefault(place, new int[0]);
    }

    /**
     * Adds the classes that some of the rules admit.
     *
     * @param bits {@link #words()} words
     * @param rules any rules
     */
    public void admittedInto(long[] bits, RuleSet rules) {
        into(bits, rules, admitted, each -> each.source);
    }

    /**
     * Adds the classes at which some of the rules are open.
     *
     * @param bits {@link #words()} words
     * @param rules any rules
     */
    public void openedInto(long[] bits, RuleSet rules) {
        into(bits, rules, opened, each -> each.destination);
    }

    private void into(long[] bits, RuleSet rules, long[][] ofEntry, Function<NodeRules, RuleSet> side) {
        rules.forEach(rule -> {
            if (rule < ofEntry.length) {
                BitArrays.add(bits, ofEntry[rule]);
            }
        });
        if (!ofUser.isEmpty()) {
            rules.forEachBlock(numbers.stride, block -> {
                for (int slot : ofUser(block - 1)) {
                    NodeClass nodeClass = classes[slot];
                    if (nodeClass != null && side.apply(nodeClass.rules()).meets(rules)) {
                        BitArrays.set(bits, slot);
                    }
                }
            });
        }
    }

    /**
     * {@return the classes whose nodes see, and are seen by, nodes with some rules}
     *
     * @param rules rules whose numbers mean the same here
     */
    public long[] seenBy(NodeRules rules) {
        long[] bits = new long[words()];
        openedInto(bits, rules.source);
        admittedInto(bits, rules.destination);
        return bits;
    }

    /**
     * {@return the slots that have the same class in another version, as a set of class bits; {@code O(words)} if no
     * class came or went in between, else {@code O(slots)}}
     *
     * @param other a version of which the numbers of rules mean the same
     */
    @SuppressWarnings("ReferenceEquality") // a class that is still there has the same rules
    public long[] sameAs(NodeClasses other) {
        if (occupied == other.occupied) {
            return occupied.clone();
        }
        long[] same = new long[words()];
        for (int slot = 0; slot < classes.length; slot++) {
            NodeClass nodeClass = classes[slot];
            NodeClass previous = other.at(slot);
            if (nodeClass != null
                    && previous != null
                    && (nodeClass == previous || nodeClass.rules() == previous.rules())) {
                BitArrays.set(same, slot);
            }
        }
        return same;
    }

    Editor editor(RuleNumbers next) {
        return new Editor(this, next);
    }

    /** Moves nodes between classes; used once, by one thread. */
    static final class Editor {

        private final NodeClasses before;
        private final RuleNumbers numbers;
        private @Nullable NodeClass[] classes;
        private int size;
        private int firstFree;
        private PMap<NodeRules, Integer> slots;

        /** The slots of rules that were asked for; valid until {@link #build}, which frees slots. */
        private final Map<NodeRules, Integer> asked = new HashMap<>();

        /** By slot, the members that come and those that go. */
        private final Map<Integer, List<NodeId>> added = new HashMap<>();

        private final Map<Integer, List<NodeId>> removed = new HashMap<>();

        private boolean reshaped;

        private Editor(NodeClasses before, RuleNumbers numbers) {
            this.before = before;
            this.numbers = numbers;
            this.classes = before.classes;
            this.size = classes.length;
            this.slots = before.slots;
        }

        /** The equal rules that a class has already, so that its nodes share one object; else the given rules. */
        NodeRules shared(NodeRules rules) {
            Integer slot = slot(rules);
            NodeClass nodeClass = slot == null ? null : classes[slot];
            return nodeClass == null ? rules : nodeClass.rules();
        }

        /** The slot of a class; many nodes in turn ask for few classes. */
        private @Nullable Integer slot(NodeRules rules) {
            return asked.computeIfAbsent(rules, slots::get);
        }

        /** The rules as the class has them that nodes with these rules are in. */
        NodeRules add(NodeRules rules, NodeId node) {
            Integer slot = slot(rules);
            if (slot == null) {
                slot = free();
                own(size)[slot] = new NodeClass(rules, NO_MEMBERS);
                slots = slots.plus(rules, slot);
                reshaped = true;
            }
            added.computeIfAbsent(slot, s -> new ArrayList<>()).add(node);
            NodeClass nodeClass = classes[slot];
            return nodeClass == null ? rules : nodeClass.rules();
        }

        void remove(NodeRules rules, NodeId node) {
            Integer slot = slot(rules);
            if (slot == null) {
                throw new IllegalStateException("node " + node + " is in no class");
            }
            removed.computeIfAbsent(slot, s -> new ArrayList<>()).add(node);
        }

        private int free() {
            while (firstFree < size && classes[firstFree] != null) {
                firstFree++;
            }
            if (firstFree == size) {
                size++;
            }
            return firstFree;
        }

        /** The classes to write to, with room for so many. */
        private @Nullable NodeClass[] own(int room) {
            if (room > classes.length) {
                classes = Arrays.copyOf(classes, Math.max(16, 2 * room));
            } else if (classes == before.classes) {
                classes = classes.clone();
            }
            return classes;
        }

        NodeClasses build() {
            if (added.isEmpty() && removed.isEmpty() && numbers == before.numbers) {
                return before;
            }
            Set<Integer> changed = new TreeSet<>(added.keySet());
            changed.addAll(removed.keySet());
            for (int slot : changed) {
                NodeClass previous = classes[slot];
                if (previous != null) {
                    SortedChunks<NodeId, NodeId> members = members(slot, previous.members());
                    if (members.isEmpty()) {
                        slots = slots.minus(previous.rules());
                        own(size)[slot] = null;
                        reshaped = true;
                    } else {
                        own(size)[slot] = new NodeClass(previous.rules(), members);
                    }
                }
            }
            while (size > 0 && classes[size - 1] == null) {
                size--;
            }
            if (classes.length > size) {
                classes = Arrays.copyOf(classes, size);
            }
            if (!reshaped && numbers == before.numbers) {
                return new NodeClasses(
                        numbers, classes, before.occupied, slots, before.admitted, before.opened, before.ofUser);
            }
            return reshaped();
        }

        /** A node that leaves a class and comes back to it is among those that come. */
        private SortedChunks<NodeId, NodeId> members(int slot, SortedChunks<NodeId, NodeId> previous) {
            List<NodeId> come = added.getOrDefault(slot, List.of());
            if (previous.isEmpty() && Comparators.isInStrictOrder(come, Comparator.<NodeId>naturalOrder())) {
                return previous.ofSorted(come);
            }
            TreeMap<NodeId, @Nullable NodeId> edits = new TreeMap<>();
            removed.getOrDefault(slot, List.of()).forEach(node -> edits.put(node, null));
            come.forEach(node -> edits.put(node, node));
            return previous.with(edits);
        }

        private NodeClasses reshaped() {
            ClassBits admitted = new ClassBits(before.admitted, numbers.entries(), (size + 63) >>> 6);
            ClassBits opened = new ClassBits(before.opened, numbers.entries(), (size + 63) >>> 6);
            long[] occupied = new long[(size + 63) >>> 6];
            Map<Integer, int[]> users = new HashMap<>();
            for (int slot = 0; slot < Math.max(size, before.count()); slot++) {
                int at = slot;
                NodeClass nodeClass = slot < size ? classes[slot] : null;
                if (nodeClass != null) {
                    BitArrays.set(occupied, slot);
                }
                NodeRules previous = rules(before.at(slot));
                NodeRules now = rules(nodeClass);
                if (!Objects.equals(previous, now)) {
                    if (previous != null) {
                        admitted.clear(previous.source, at);
                        opened.clear(previous.destination, at);
                        places(previous, place -> users.put(place, without(users(users, place), at)));
                    }
                    if (now != null) {
                        admitted.set(now.source, at);
                        opened.set(now.destination, at);
                        places(now, place -> users.put(place, with(users(users, place), at)));
                    }
                }
            }
            PMap<Integer, int[]> nextUsers = before.ofUser;
            for (Map.Entry<Integer, int[]> user : users.entrySet()) {
                nextUsers = user.getValue().length == 0
                        ? nextUsers.minus(user.getKey())
                        : nextUsers.plus(user.getKey(), user.getValue());
            }
            return new NodeClasses(numbers, classes, occupied, slots, admitted.build(), opened.build(), nextUsers);
        }

        private static @Nullable NodeRules rules(@Nullable NodeClass nodeClass) {
            return nodeClass == null ? null : nodeClass.rules();
        }

        private int[] users(Map<Integer, int[]> changed, int place) {
            int[] known = changed.get(place);
            return known == null ? before.ofUser(place) : known;
        }

        private void places(NodeRules rules, IntConsumer consumer) {
            rules.source.union(rules.destination).forEachBlock(numbers.stride, block -> consumer.accept(block - 1));
        }

        private static int[] with(int[] slots, int slot) {
            int[] more = Arrays.copyOf(slots, slots.length + 1);
            more[slots.length] = slot;
            return more;
        }

        private static int[] without(int[] slots, int slot) {
            return Arrays.stream(slots).filter(other -> other != slot).toArray();
        }
    }
}
