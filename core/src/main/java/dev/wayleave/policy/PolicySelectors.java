package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads selectors at their places, and checks that they are allowed there and refer to what is defined. */
final class PolicySelectors {

    /** The names that the sections of a policy define for groups, prefixes, tags and sets of prefixes. */
    record Definitions(
            Set<String> groups, Map<String, Prefix> hosts, Set<Tag> tags, Map<String, List<Prefix>> ipSets) {}

    /** A selector and its place. */
    record PlacedValue<T>(T value, JsonValue.Path spot) {}

    private final PolicyShapes shapes;
    private final Problems problems;
    private final PolicyVisitor visitor;
    private final Definitions definitions;

    /** Policies write the same few texts again and again. */
    private final Map<String, Selector> read = new HashMap<>();

    /** The prefixes of all IP sets, and of all places that name one. */
    private long prefixes;

    PolicySelectors(PolicyShapes shapes, Problems problems, PolicyVisitor visitor, Definitions definitions) {
        this.shapes = shapes;
        this.problems = problems;
        this.visitor = visitor;
        this.definitions = definitions;
        definitions.ipSets().values().forEach(set -> prefixes += set.size());
    }

    private boolean fits(Selector.IpSet ipSet, JsonValue.Path spot) {
        List<Prefix> set = definitions.ipSets().getOrDefault(ipSet.text(), List.of());
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
    List<PlacedValue<Selector>> list(JsonValue value, SelectorPosition place) {
        return shapes.texts(value, (text, spot) -> {
            Selector selector = one(text, spot);
            return selector != null && mayStand(selector, place, spot) ? new PlacedValue<>(selector, spot) : null;
        });
    }

    /** The selectors of a list in which a name that is not defined is a notice. */
    List<PlacedValue<Selector>> listUndefined(JsonValue value, SelectorPosition place) {
        return shapes.texts(value, (text, spot) -> {
            Selector selector = one(text, spot);
            return selector != null && mayStandUndefined(selector, place, spot)
                    ? new PlacedValue<>(selector, spot)
                    : null;
        });
    }

    private @Nullable Selector one(String text, JsonValue.Path spot) {
        Selector selector = read.get(text);
        if (selector == null) {
            selector = SelectorText.parse(text, problems.at(spot));
            if (selector == null) {
                return null;
            }
            // what is spelled otherwise may have a notice, and each of its places needs one
            if (selector.text().equals(text)) {
                read.put(text, selector);
            }
        }
        return selector;
    }

    boolean mayStand(Selector selector, SelectorPosition place, JsonValue.Path spot) {
        if (!isAllowed(selector, place, spot)) {
            return false;
        }
        Undefined undefined = undefined(selector);
        if (undefined != null) {
            problems.add(undefined.code(), spot, undefined.message());
            return false;
        }
        visitor.selector(selector, spot);
        return !(selector instanceof Selector.IpSet ipSet) || fits(ipSet, spot);
    }

    /** Where the selector opens nothing: a name that is not defined is a notice. */
    boolean mayStandUndefined(Selector selector, SelectorPosition place, JsonValue.Path spot) {
        if (!isAllowed(selector, place, spot)) {
            return false;
        }
        noticeUndefined(selector, spot);
        return true;
    }

    private boolean isAllowed(Selector selector, SelectorPosition place, JsonValue.Path spot) {
        if (!place.allows(selector)) {
            problems.add(
                    place == SelectorPosition.VIA ? Code.VIA_NOT_A_TAG : Code.MISPLACED_SELECTOR,
                    spot,
                    place.refusal(selector));
            return false;
        }
        return true;
    }

    private void noticeUndefined(Selector selector, JsonValue.Path spot) {
        Undefined undefined = undefined(selector);
        if (undefined != null) {
            problems.notice(PolicyNotice.Code.UNDEFINED_NAME, spot, undefined.message());
        } else {
            visitor.mention(selector, spot);
        }
    }

    /**
     * Looks at a text, or at the texts of a list, in a section that is not read: what is not a selector is passed over.
     */
    void noticeUndefinedNames(JsonValue value) {
        if (value instanceof JsonValue.Text text) {
            Selector selector = SelectorText.parse(text.value(), ProblemSink.NONE);
            if (selector != null) {
                noticeUndefined(selector, text.spot());
            }
        } else if (value instanceof JsonValue.Items list) {
            problems.untilFull(list.values()).forEach(this::noticeUndefinedNames);
        }
    }

    /** A name that the policy does not define. */
    private record Undefined(Code code, String message) {}

    private @Nullable Undefined undefined(Selector selector) {
        if (selector instanceof Selector.Group group && !definitions.groups().contains(group.text())) {
            return new Undefined(
                    Code.UNKNOWN_GROUP, "group " + Quotes.quoted(group.text()) + " is not defined: add it to `groups`");
        }
        if (selector instanceof Selector.Tagged tagged && !definitions.tags().contains(tagged.tag())) {
            return new Undefined(
                    Code.UNKNOWN_TAG, "tag " + Quotes.quoted(tagged.text()) + " is not defined: add it to `tagOwners`");
        }
        if (selector instanceof Selector.IpSet set && !definitions.ipSets().containsKey(set.text())) {
            return new Undefined(
                    Code.UNKNOWN_IP_SET,
                    "the IP set " + Quotes.quoted(set.text()) + " is not defined: add it to `ipsets`");
        }
        if (selector instanceof Selector.Host host && !definitions.hosts().containsKey(host.text())) {
            return new Undefined(
                    Code.UNKNOWN_HOST,
                    "host " + Quotes.quoted(host.text())
                            + " is not defined: add it to `hosts`; a user is written with an `@`");
        }
        return null;
    }
}
