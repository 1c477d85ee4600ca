package dev.wayleave.access.engine;

import dev.wayleave.mesh.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The number of each rule of a policy, and the place of each user.
 *
 * <pre>
 *   0 … 64·stride-1             the entries of the policy; those with autogroup:self only say whom their sources name
 *   from 64·stride·(1 + place)  the same entries, for autogroup:self of the user at a place
 * </pre>
 *
 * <p>The numbers of a changed policy follow from those before: a rule that is still there keeps its number, a new rule
 * takes one that was never used, and so do users. So the sets of rules that were computed before still mean the same.
 * When the numbers run out, all are given anew.
 */
final class RuleNumbers {

    private static final int WORD = 64;

    /** Room for rules that come later, in words. */
    private static final int LEAST_STRIDE = 16;

    /** The same object in all numbers that follow from each other. */
    private final Object lineage;

    /** Words from the numbers of one user to those of the next. */
    final int stride;

    /** For each number its rule; null where the rule is gone. */
    private final @Nullable Rule[] rules;

    /** The numbers in the order of the policy. */
    final int[] order;

    private final int[] rank;

    /** Whether a lower number always comes first in the policy; not where a rule has numbers for each user, too. */
    private final boolean ordered;

    private final List<UserId> users;
    private final Map<UserId, Integer> places;

    private RuleNumbers(
            Object lineage,
            int stride,
            @Nullable Rule[] rules,
            int[] order,
            List<UserId> users,
            Map<UserId, Integer> places,
            boolean ordered) {
        this.lineage = lineage;
        this.stride = stride;
        this.rules = rules;
        this.order = order;
        this.rank = new int[rules.length];
        for (int i = 0; i < order.length; i++) {
            rank[order[i]] = i;
        }
        this.ordered =
                ordered && Arrays.stream(order).noneMatch(number -> rule(number).self());
        this.users = users;
        this.places = places;
    }

    private static Map<UserId, Integer> places(List<UserId> users) {
        Map<UserId, Integer> places = new HashMap<>(2 * users.size());
        for (int place = 0; place < users.size(); place++) {
            places.put(users.get(place), place);
        }
        return places;
    }

    /** Numbers rules in their order. */
    static RuleNumbers of(List<Rule> rules, Collection<UserId> users) {
        int stride = LEAST_STRIDE;
        while (stride * WORD < 2 * rules.size()) {
            stride *= 2;
        }
        int[] order = new int[rules.size()];
        Arrays.setAll(order, i -> i);
        List<UserId> own = List.copyOf(users);
        return new RuleNumbers(new Object(), stride, rules.toArray(Rule[]::new), order, own, places(own), true);
    }

    /** The numbers of other rules and users, which keep theirs where they are the same. */
    RuleNumbers with(List<Rule> now, Collection<UserId> nowUsers) {
        Map<Object, Deque<Integer>> known = new HashMap<>();
        for (int number : order) {
            known.computeIfAbsent(rule(number).content(), c -> new ArrayDeque<>())
                    .add(number);
        }
        List<@Nullable Rule> next = new ArrayList<>(Arrays.asList(new Rule[rules.length]));
        int[] nextOrder = new int[now.size()];
        boolean nextOrdered = true;
        for (int i = 0; i < nextOrder.length; i++) {
            Deque<Integer> numbers = known.get(now.get(i).content());
            if (numbers == null || numbers.isEmpty()) {
                nextOrder[i] = next.size();
                next.add(now.get(i));
            } else {
                nextOrder[i] = numbers.remove();
                Rule old = rule(nextOrder[i]);
                // the same object where nothing differs: the next comparison looks no further
                next.set(nextOrder[i], old.equals(now.get(i)) ? old : now.get(i));
            }
            nextOrdered &= i == 0 || nextOrder[i - 1] < nextOrder[i];
        }
        List<UserId> newUsers =
                nowUsers.stream().filter(user -> !places.containsKey(user)).toList();
        List<UserId> nextUsers = newUsers.isEmpty()
                ? users
                : Stream.concat(users.stream(), newUsers.stream()).toList();
        boolean fits = next.size() <= stride * WORD
                && (1L + nextUsers.size()) * stride * WORD < Integer.MAX_VALUE
                && (nowUsers.isEmpty() || nextUsers.size() <= 2 * nowUsers.size() + LEAST_STRIDE);
        if (!fits) {
            return of(now, nowUsers);
        }
        Map<UserId, Integer> nextPlaces = newUsers.isEmpty() ? places : places(nextUsers);
        return new RuleNumbers(
                lineage, stride, next.toArray(Rule[]::new), nextOrder, nextUsers, nextPlaces, nextOrdered);
    }

    /** Returns whether sets of rules mean the same under both numbers. */
    boolean isComparableTo(RuleNumbers other) {
        return this == other || (isRelatedTo(other) && hasRulesInPlaceOf(other) && hasUsersInPlaceOf(other));
    }

    /** Returns whether both follow from the same numbers. */
    boolean isRelatedTo(RuleNumbers other) {
        return lineage == other.lineage;
    }

    /** Two numberings that follow from one may have given one number to two rules. */
    private boolean hasRulesInPlaceOf(RuleNumbers other) {
        for (int number = 0; number < Math.min(rules.length, other.rules.length); number++) {
            Rule one = rules[number];
            Rule two = other.rules[number];
            if (one != null && two != null && !one.hasContentOf(two)) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // numbers without new users share the list
    private boolean hasUsersInPlaceOf(RuleNumbers other) {
        if (users == other.users) {
            return true;
        }
        int common = Math.min(users.size(), other.users.size());
        return users.subList(0, common).equals(other.users.subList(0, common));
    }

    /** The numbers of all rules of the policy. */
    RuleSet inUse() {
        RuleSet.Builder all = new RuleSet.Builder();
        Arrays.stream(order).sorted().forEach(all::add);
        return all.build();
    }

    /** The same numbers, of which only some rules are in use. */
    RuleNumbers only(RuleSet some) {
        int[] kept = Arrays.stream(order).filter(some::contains).toArray();
        return new RuleNumbers(lineage, stride, rules, kept, users, places, ordered);
    }

    /** Returns whether a rule of another numbering of the same policy is in a set of this one. */
    boolean contains(RuleSet set, RuleNumbers other, int number) {
        boolean[] found = {false};
        set.forEach(own -> found[0] |= rule(own).id().equals(other.rule(number).id())
                && Objects.equals(user(own), other.user(number))
                && rule(own).hasContentOf(other.rule(number)));
        return found[0];
    }

    /** The numbers of entries are below. */
    int entries() {
        return rules.length;
    }

    /** The entry that has a number, for one user or for all users. */
    int entry(int number) {
        return number % (stride * WORD);
    }

    /** The rule with the number of an entry, or of an entry for one user; it must be in use. */
    Rule rule(int number) {
        Rule rule = rules[entry(number)];
        if (rule == null) {
            throw new IllegalArgumentException("rule " + number + " is not in the policy");
        }
        return rule;
    }

    /** The place of a user, or -1. */
    int place(UserId user) {
        return places.getOrDefault(user, -1);
    }

    /** The user of a number; null for the number of an entry. */
    @Nullable
    UserId user(int number) {
        int place = placeOf(number);
        return place < 0 ? null : users.get(place);
    }

    /** The place of the user of a number; -1 for the number of an entry. */
    int placeOf(int number) {
        return number / (stride * WORD) - 1;
    }

    /** The number of an entry for the user at a place. */
    int self(int entry, int place) {
        return stride * WORD * (1 + place) + entry;
    }

    /** Of the rules in both sets the first in the policy; -1 if there is none. */
    int firstCommon(RuleSet one, RuleSet other) {
        if (ordered) {
            return one.firstCommon(other);
        }
        int[] first = {-1};
        one.intersection(other).forEach(number -> {
            if (first[0] < 0 || isBefore(number, first[0])) {
                first[0] = number;
            }
        });
        return first[0];
    }

    /** Returns whether one rule comes before another in the policy. */
    boolean isBefore(int one, int other) {
        return position(one) < position(other);
    }

    private long position(int number) {
        return ((long) rank[entry(number)] << Integer.SIZE) + number;
    }
}
