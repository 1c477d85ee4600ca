package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads selectors where they stand, and checks that they may stand there and that what they refer to is defined. */
final class PolicySelectors {

    /** What the sections of a policy define that give names to groups, prefixes, tags and sets of prefixes. */
    record Definitions(
            Set<String> groups, Map<String, Prefix> hosts, Set<Tag> tags, Map<String, List<Prefix>> ipSets) {}

    /** A selector and where it stands. */
    record Placed<T>(T value, JsonValue.Spot spot) {}

    private final PolicyShapes shapes;
    private final Problems problems;
    private final Definitions definitions;

    /** Policies write the same few texts again and again. */
    private final Map<String, Selector> read = new HashMap<>();

    /** The prefixes of all IP sets, and of all places that name one. */
    private long prefixes;

    PolicySelectors(PolicyShapes shapes, Problems problems, Definitions definitions) {
        this.shapes = shapes;
        this.problems = problems;
        this.definitions = definitions;
        definitions.ipSets().values().forEach(set -> prefixes += set.size());
    }

    private boolean isDefined(Selector.IpSet ipSet, JsonValue.Spot spot) {
        List<Prefix> set = definitions.ipSets().get(ipSet.text());
        if (set == null) {
            problems.add(
                    Code.UNKNOWN_IP_SET,
                    spot,
                    "the IP set " + Quoted.quoted(ipSet.text()) + " is not defined: add it to `ipsets`");
            return false;
        }
        boolean fits = prefixes <= problems.limits().entries();
        prefixes += set.size();
        if (fits && prefixes > problems.limits().entries()) {
            problems.add(
                    Code.TOO_MANY_ENTRIES,
                    spot,
                    "the places up to here that name IP sets stand for more than "
                            + problems.limits().entries() + " prefixes: name smaller sets, or fewer");
        }
        return prefixes <= problems.limits().entries();
    }

    Definitions definitions() {
        return definitions;
    }

    /** The selectors of a list; those that are refused are left out. */
    List<Placed<Selector>> list(JsonValue value, Place place) {
        List<Placed<Selector>> result = new ArrayList<>();
        for (JsonValue item : shapes.items(value)) {
            Selector selector = one(item, place);
            if (selector != null) {
                result.add(new Placed<>(selector, item.spot()));
            }
        }
        return result;
    }

    private @Nullable Selector one(JsonValue value, Place place) {
        String text = shapes.text(value);
        if (text == null) {
            return null;
        }
        Selector selector = read.get(text);
        if (selector == null) {
            selector = SelectorText.parse(text, problems.at(value.spot()));
            if (selector == null) {
                return null;
            }
            // what is spelled otherwise may have a notice, and each of its places needs one
            if (selector.text().equals(text)) {
                read.put(text, selector);
            }
        }
        return mayStand(selector, place, value.spot()) ? selector : null;
    }

    boolean mayStand(Selector selector, Place place, JsonValue.Spot spot) {
        if (!place.allows(selector)) {
            problems.add(
                    place == Place.VIA ? Code.VIA_NOT_A_TAG : Code.MISPLACED_SELECTOR, spot, place.refusal(selector));
            return false;
        }
        if (selector instanceof Selector.Group group && !definitions.groups().contains(group.text())) {
            problems.add(
                    Code.UNKNOWN_GROUP,
                    spot,
                    "group " + Quoted.quoted(group.text()) + " is not defined: add it to `groups`");
            return false;
        }
        if (selector instanceof Selector.Tagged tagged && !definitions.tags().contains(tagged.tag())) {
            problems.add(
                    Code.UNKNOWN_TAG,
                    spot,
                    "tag " + Quoted.quoted(tagged.text()) + " is not defined: add it to `tagOwners`");
            return false;
        }
        if (selector instanceof Selector.IpSet ipSet) {
            return isDefined(ipSet, spot);
        }
        if (selector instanceof Selector.Host host && !definitions.hosts().containsKey(host.text())) {
            problems.add(
                    Code.UNKNOWN_HOST,
                    spot,
                    "host " + Quoted.quoted(host.text())
                            + " is not defined: add it to `hosts`; a user is written with an `@`");
            return false;
        }
        return true;
    }
}
