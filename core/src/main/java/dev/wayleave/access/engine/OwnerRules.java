package dev.wayleave.access.engine;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.internal.SortedLists;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For every user and tag the rules that name it, on one side of the rules. Those of the next policy take over the rules
 * of each user whom the same selectors of the same rules name.
 */
final class OwnerRules {

    private final int words;

    /** What each selector adds. */
    private final Map<Selector, SelectorRules> named;

    private final Map<UserId, long[]> ofUser;
    private final Map<Tag, long[]> ofTag = new HashMap<>();
    private final long[] ofEveryTag;

    /** Whom a selector names, and the rules that have this selector on this side. */
    static final class SelectorRules {

        private final OwnerSet owners;
        private final long[] rules;

        SelectorRules(OwnerSet owners, long[] rules) {
            this.owners = owners;
            this.rules = rules;
        }
    }

    /**
     * Turns selectors around.
     *
     * @param words the length of new bit arrays; those that are taken over may be shorter
     * @param previous the index before, whose numbers of rules mean the same; null for none
     */
    OwnerRules(Map<Selector, SelectorRules> named, int words, @Nullable OwnerRules previous) {
        this.words = words;
        this.named = named;
        this.ofEveryTag = new long[words];
        named.values().forEach(this::addTags);
        Set<UserId> changed = previous == null ? Set.of() : usersWithOtherRules(previous);
        if (previous == null || costsMoreThanAll(changed.size())) {
            this.ofUser = new HashMap<>();
            named.values().forEach(each -> each.owners.users().forEach(user -> add(user, each)));
        } else {
            this.ofUser = new HashMap<>(previous.ofUser);
            changed.forEach(ofUser::remove);
            for (SelectorRules each : named.values()) {
                changed.stream().filter(each.owners.users()::contains).forEach(user -> add(user, each));
            }
        }
    }

    /** Whether it costs more to ask each selector about some users than to go through all that they name. */
    private boolean costsMoreThanAll(int users) {
        long names = 0;
        for (SelectorRules each : named.values()) {
            names += each.owners.users().size();
        }
        return (long) users * named.size() >= names;
    }

    private void add(UserId user, SelectorRules each) {
        BitArrays.add(ofUser.computeIfAbsent(user, u -> new long[words]), each.rules);
    }

    private void addTags(SelectorRules each) {
        for (Tag tag : each.owners.tags()) {
            BitArrays.add(ofTag.computeIfAbsent(tag, t -> new long[words]), each.rules);
        }
        if (each.owners.everyTag()) {
            BitArrays.add(ofEveryTag, each.rules);
        }
    }

    /**
     * The users whose rules differ from those of another index: by the selectors that name them, or by the rules of
     * these.
     */
    @SuppressWarnings("ReferenceEquality") // owners that were taken over need no look
    Set<UserId> usersWithOtherRules(OwnerRules other) {
        Set<UserId> users = new HashSet<>();
        named.forEach((selector, now) -> {
            SelectorRules old = other.named.get(selector);
            if (old == null) {
                users.addAll(now.owners.users());
            } else if (!BitArrays.areEqual(old.rules, now.rules)) {
                users.addAll(old.owners.users());
                users.addAll(now.owners.users());
            } else if (old.owners != now.owners) {
                users.addAll(SortedLists.exclusive(
                        ImmutableSortedSet.copyOf(old.owners.users()).asList(),
                        ImmutableSortedSet.copyOf(now.owners.users()).asList()));
            }
        });
        other.named.forEach((selector, old) -> {
            if (!named.containsKey(selector)) {
                users.addAll(old.owners.users());
            }
        });
        return users;
    }

    /** The rules that name an owner, in as many words as asked for. */
    long[] of(Owner owner, int size) {
        long[] rules = new long[size];
        orInto(rules, owner);
        return rules;
    }

    /** Returns whether the same rules name an owner in both. */
    boolean namesAlike(OwnerRules other, Owner owner) {
        if (owner instanceof Owner.OfUser user) {
            return BitArrays.areEqual(ofUser.get(user.id()), other.ofUser.get(user.id()));
        }
        int most = Math.max(words, other.words);
        return Arrays.equals(of(owner, most), other.of(owner, most));
    }

    /** Returns whether the same rules name each tag in both. */
    boolean namesTagsAlike(OwnerRules other) {
        return RuleSet.of(ofEveryTag).equals(RuleSet.of(other.ofEveryTag)) && tags().equals(other.tags());
    }

    private Map<Tag, RuleSet> tags() {
        Map<Tag, RuleSet> tags = new HashMap<>();
        ofTag.forEach((tag, rules) -> tags.put(tag, RuleSet.of(rules)));
        return tags;
    }

    void orInto(long[] rules, Owner owner) {
        if (owner instanceof Owner.Tagged tagged) {
            BitArrays.add(rules, ofEveryTag);
            for (Tag tag : tagged.tags()) {
                BitArrays.add(rules, ofTag.get(tag));
            }
        } else if (owner instanceof Owner.OfUser user) {
            BitArrays.add(rules, ofUser.get(user.id()));
        }
    }
}
