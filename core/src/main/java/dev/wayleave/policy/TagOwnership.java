package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicySelectors.PlacedValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which users may give a tag to a node, and finds circles among the owners of tags. */
final class TagOwnership {

    private TagOwnership() {}

    /**
     * Finds the owners that close a circle: going through the tags and their owners in their order, depth first, those
     * that are on the way already. Without them no tag owns itself.
     *
     * @param owners the owners of each tag, in the order of the text
     * @return the owning tags, each at its place; {@code O(tags + owners)}
     */
    static List<PlacedValue<Tag>> closings(Map<Tag, List<PlacedValue<Selector>>> owners) {
        List<PlacedValue<Tag>> result = new ArrayList<>();
        Set<Tag> seen = new HashSet<>();
        owners.keySet().forEach(tag -> walk(tag, owners, seen, result));
        return result;
    }

    /** Without recursion, which a long chain of tags would break. */
    private static void walk(
            Tag start, Map<Tag, List<PlacedValue<Selector>>> owners, Set<Tag> seen, List<PlacedValue<Tag>> closings) {
        record Step(Tag tag, Iterator<PlacedValue<Selector>> rest) {}
        Deque<Step> way = new ArrayDeque<>();
        Set<Tag> onTheWay = new HashSet<>();
        if (seen.add(start)) {
            way.push(new Step(start, owners.getOrDefault(start, List.of()).iterator()));
            onTheWay.add(start);
        }
        while (!way.isEmpty()) {
            Step step = way.element();
            if (!step.rest().hasNext()) {
                way.pop();
                onTheWay.remove(step.tag());
                continue;
            }
            PlacedValue<Selector> owner = step.rest().next();
            if (owner.value() instanceof Selector.Tagged tagged) {
                Tag tag = tagged.tag();
                if (onTheWay.contains(tag)) {
                    closings.add(new PlacedValue<>(tag, owner.spot()));
                } else if (owners.containsKey(tag) && seen.add(tag)) {
                    way.push(new Step(tag, owners.getOrDefault(tag, List.of()).iterator()));
                    onTheWay.add(tag);
                }
            }
        }
    }

    /**
     * Looks for the nearest owner that names a user: the owners of the tag, then those of the tags among them, and so
     * on.
     */
    static TagVerdict verdict(RoutingPolicy policy, User user, Tag asked, Users users) {
        if (!policy.tagOwners().containsKey(asked)) {
            return new TagVerdict.UnknownTag(asked);
        }
        Map<Tag, Tag> cameFrom = new HashMap<>();
        Set<Selector> seen = new HashSet<>();
        Deque<Tag> next = new ArrayDeque<>(List.of(asked));
        while (!next.isEmpty()) {
            Tag tag = next.remove();
            for (Selector entry : policy.tagOwners().getOrDefault(tag, List.of())) {
                if (!seen.add(entry)) {
                    continue;
                }
                if (entry instanceof Selector.Tagged tagged) {
                    cameFrom.put(tagged.tag(), tag);
                    next.add(tagged.tag());
                } else if (policy.matches(entry, user.id(), users)) {
                    return new TagVerdict.Owned(asked, way(asked, tag, cameFrom), entry);
                }
            }
        }
        return new TagVerdict.NotAnOwner(asked, user.id());
    }

    /** The tags from the one that was asked for, which is left out, to the one whose owners name the user. */
    private static List<Tag> way(Tag asked, Tag last, Map<Tag, Tag> cameFrom) {
        Deque<Tag> way = new ArrayDeque<>();
        for (Tag tag = last; tag != null && !tag.equals(asked); tag = cameFrom.get(tag)) {
            way.addFirst(tag);
        }
        return List.copyOf(way);
    }
}
