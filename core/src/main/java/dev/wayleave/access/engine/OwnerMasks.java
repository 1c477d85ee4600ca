package dev.wayleave.access.engine;

import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** For every user and tag the rules that name it, on one side of the rules. */
final class OwnerMasks {

    private final int words;
    private final Map<UserId, long[]> ofUser = new HashMap<>();
    private final Map<Tag, long[]> ofTag = new HashMap<>();
    private final long[] ofEveryTag;

    OwnerMasks(int words) {
        this.words = words;
        this.ofEveryTag = new long[words];
    }

    /** Adds the rules of one selector for all whom it names. */
    void add(OwnerSet owners, long[] rules) {
        for (UserId user : owners.users()) {
            BitArrays.add(ofUser.computeIfAbsent(user, u -> new long[words]), rules);
        }
        for (Tag tag : owners.tags()) {
            BitArrays.add(ofTag.computeIfAbsent(tag, t -> new long[words]), rules);
        }
        if (owners.everyTag()) {
            BitArrays.add(ofEveryTag, rules);
        }
    }

    /** The rules that name an owner, in as many words as asked for. */
    long[] of(Owner owner, int size) {
        long[] rules = new long[size];
        orInto(rules, owner);
        return rules;
    }

    /** Tells whether the same rules name an owner in both. */
    boolean namesAlike(OwnerMasks other, Owner owner) {
        if (owner instanceof Owner.OfUser user) {
            return BitArrays.areEqual(ofUser.get(user.id()), other.ofUser.get(user.id()));
        }
        int most = Math.max(words, other.words);
        return Arrays.equals(of(owner, most), other.of(owner, most));
    }

    /** Tells whether the same rules name each tag in both. */
    boolean namesTagsAlike(OwnerMasks other) {
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
