package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.policy.PolicySelectors.Placed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tags that own tags. */
final class TagOwnership {

    private TagOwnership() {}

    /**
     * Finds the owners that close a circle: tags among the owners of a tag that they are owned by, directly or in the
     * end.
     *
     * @return the owning tags, each where it stands
     */
    static List<Placed<Tag>> cycles(Map<Tag, List<Placed<Selector>>> owners) {
        Map<Tag, Integer> component = components(owners);
        List<Placed<Tag>> result = new ArrayList<>();
        owners.forEach((tag, list) -> {
            for (Placed<Selector> owner : list) {
                if (owner.value() instanceof Selector.Tagged tagged
                        && component.get(tagged.tag()) != null
                        && component.get(tagged.tag()).equals(component.get(tag))) {
                    result.add(new Placed<>(tagged.tag(), owner.spot()));
                }
            }
        });
        return result;
    }

    /** Looks for the nearest owner that names a user: the owners of the tag, then those of the tags among them, and so on. */
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
                } else if (NamedOwners.names(entry, policy.groups(), user.id(), users)) {
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

    /** Numbers the sets of tags that reach each other: backwards through the order in which a first walk leaves them. */
    private static Map<Tag, Integer> components(Map<Tag, List<Placed<Selector>>> owners) {
        Map<Tag, List<Tag>> forward = new HashMap<>();
        Map<Tag, List<Tag>> backward = new HashMap<>();
        owners.forEach((tag, list) -> {
            for (Placed<Selector> owner : list) {
                if (owner.value() instanceof Selector.Tagged tagged && owners.containsKey(tagged.tag())) {
                    forward.computeIfAbsent(tag, key -> new ArrayList<>()).add(tagged.tag());
                    backward.computeIfAbsent(tagged.tag(), key -> new ArrayList<>())
                            .add(tag);
                }
            }
        });
        Set<Tag> seen = new HashSet<>();
        List<Tag> left = new ArrayList<>();
        owners.keySet().forEach(tag -> walk(tag, forward, seen, left));
        Map<Tag, Integer> component = new HashMap<>();
        seen.clear();
        for (int i = left.size() - 1; i >= 0; i--) {
            List<Tag> members = new ArrayList<>();
            walk(left.get(i), backward, seen, members);
            for (Tag member : members) {
                component.put(member, i);
            }
        }
        return component;
    }

    /** Depth first and without recursion, which a long chain of tags would break; adds each tag when it is left. */
    private static void walk(Tag start, Map<Tag, List<Tag>> edges, Set<Tag> seen, List<Tag> left) {
        record Step(Tag tag, int next) {}
        if (!seen.add(start)) {
            return;
        }
        Deque<Step> path = new ArrayDeque<>();
        path.push(new Step(start, 0));
        while (!path.isEmpty()) {
            Step step = path.pop();
            List<Tag> targets = edges.getOrDefault(step.tag(), List.of());
            if (step.next() == targets.size()) {
                left.add(step.tag());
                continue;
            }
            path.push(new Step(step.tag(), step.next() + 1));
            Tag target = targets.get(step.next());
            if (seen.add(target)) {
                path.push(new Step(target, 0));
            }
        }
    }
}
