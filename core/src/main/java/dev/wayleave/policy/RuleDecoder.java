package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.JsonValue.Field;
import dev.wayleave.policy.JsonValue.Path;
import dev.wayleave.policy.PolicyProblem.Code;
import dev.wayleave.policy.PolicySelectors.PlacedValue;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Understands the sections {@code acls} and {@code grants}. */
final class RuleDecoder {

    private static final PolicyShapes.Schema ACL = new PolicyShapes.Schema(
                    "an ACL rule", "action", "src", "dst", "proto")
            .notSupported("srcPosture")
            .older("users", "src")
            .older("ports", "dst");

    private static final PolicyShapes.Schema GRANT =
            new PolicyShapes.Schema("a grant", "src", "dst", "ip", "app", "via").notSupported("srcPosture");

    private final PolicyShapes shapes;
    private final PolicySelectors selectors;
    private final Problems problems;
    private final PolicyLines.Places places;

    RuleDecoder(PolicyShapes shapes, PolicySelectors selectors, Problems problems, PolicyLines.Places places) {
        this.shapes = shapes;
        this.selectors = selectors;
        this.problems = problems;
        this.places = places;
    }

    List<AclRule> acls(JsonValue section) {
        return shapes.objects(section, ACL, places.acls, this::acl);
    }

    private AclRule acl(Path spot, Map<String, Field> fields) {
        Field action = required(fields, "action", spot);
        String word = action == null ? null : shapes.text(action.value());
        if (action != null && word != null && !word.equals("accept")) {
            problems.add(
                    Code.UNKNOWN_ACTION,
                    action.value().spot(),
                    "action " + Quotes.quoted(word) + " is not known: write `accept`; what no rule accepts is dropped");
        }
        Protocol protocol = protocol(fields.get("proto"));
        List<PlacedValue<Selector>> sources = sources(fields, spot);
        Field dst = required(fields, "dst", spot);
        List<AclRule.Destination> destinations =
                dst == null ? List.of() : shapes.texts(dst.value(), (text, at) -> destination(text, protocol, at));
        checkSelf(
                sources,
                destinations.stream().map(AclRule.Destination::selector).toList(),
                true);
        return new AclRule(values(sources), protocol, destinations);
    }

    private AclRule.@Nullable Destination destination(String text, @Nullable Protocol protocol, Path spot) {
        AclRule.Destination destination = TrafficText.destination(text, problems.at(spot));
        return destination != null
                        && selectors.mayStand(destination.selector(), SelectorPosition.DESTINATION, spot)
                        && (protocol == null || TrafficText.portsFit(protocol, destination.ports(), problems.at(spot)))
                ? destination
                : null;
    }

    private @Nullable Protocol protocol(@Nullable Field field) {
        String text = field == null ? null : shapes.text(field.value());
        if (field == null || text == null || text.isEmpty()) {
            return null;
        }
        ProblemSink complaint = problems.at(field.value().spot());
        if (text.equals("*")) {
            complaint.about(
                    Code.UNKNOWN_PROTOCOL,
                    "`*` is not a protocol: leave `" + field.name() + "` out, and the rule is for every protocol");
            return null;
        }
        return TrafficText.protocol(text, complaint);
    }

    List<Grant> grants(JsonValue section) {
        return shapes.objects(section, GRANT, places.grants, this::grant);
    }

    private Grant grant(Path spot, Map<String, Field> fields) {
        List<PlacedValue<Selector>> sources = sources(fields, spot);
        Field dst = required(fields, "dst", spot);
        List<PlacedValue<Selector>> destinations =
                dst == null ? List.of() : selectors.list(dst.value(), SelectorPosition.DESTINATION);
        Field app = fields.get("app");
        SortedMap<String, String> capabilities = app == null ? new TreeMap<>() : capabilities(app.value());
        if (isEmpty(fields.get("ip")) && isEmpty(app)) {
            problems.add(
                    Code.IP_AND_APP_EMPTY,
                    spot,
                    "`ip` and `app` of a grant can not both be empty: write `\"ip\": [\"*\"]` to let everything pass");
        }
        for (PlacedValue<Selector> destination : problems.untilFull(destinations)) {
            checkDestination(destination, !capabilities.isEmpty());
        }
        checkSelf(sources, values(destinations), false);
        return new Grant(
                values(sources), values(destinations), traffic(fields.get("ip")), capabilities, via(fields.get("via")));
    }

    private boolean isEmpty(@Nullable Field field) {
        return field == null
                || (field.value() instanceof JsonValue.Items list
                        && list.values().isEmpty())
                || (field.value() instanceof JsonValue.Fields object
                        && object.fields().stream().allMatch(shapes::isComment));
    }

    private void checkDestination(PlacedValue<Selector> destination, boolean hasApp) {
        Selector selector = destination.value();
        if (prefixes(selector).stream().anyMatch(Prefix::isExitRoute)) {
            problems.add(
                    Code.ALL_ADDRESSES,
                    destination.spot(),
                    "a grant cannot have the destination " + Quotes.quoted(selector.text())
                            + ": to allow all addresses, write `*` or `autogroup:internet`");
        }
        if (selector == Autogroup.INTERNET && hasApp) {
            problems.add(
                    Code.APP_TO_INTERNET,
                    destination.spot(),
                    "a grant with `app` cannot have the destination `autogroup:internet`: split it");
        }
    }

    private List<Prefix> prefixes(Selector selector) {
        PolicySelectors.Definitions definitions = selectors.definitions();
        if (selector instanceof Selector.Network network) {
            return List.of(network.prefix());
        }
        if (selector instanceof Selector.Host host) {
            Prefix prefix = definitions.hosts().get(host.text());
            return prefix == null ? List.of() : List.of(prefix);
        }
        return selector instanceof Selector.IpSet ipSet
                ? definitions.ipSets().getOrDefault(ipSet.text(), List.of())
                : List.of();
    }

    private List<Traffic> traffic(@Nullable Field ip) {
        return ip == null
                ? List.of()
                : shapes.texts(ip.value(), (text, spot) -> TrafficText.traffic(text, problems.at(spot)));
    }

    private SortedMap<String, String> capabilities(JsonValue app) {
        TreeMap<String, String> result = new TreeMap<>();
        for (Field field : problems.untilFull(shapes.entries(app))) {
            if (!isCapability(field.name())) {
                problems.add(
                        Code.MALFORMED_NAME,
                        field.spot(),
                        Quotes.quoted(field.name())
                                + " is not a capability: write a domain, a slash and a path such as "
                                + "`example.com/cap/test`");
            }
            shapes.items(field.value()).forEach(shapes::checkNames);
            result.put(field.name(), JsonWriter.write(field.value()));
        }
        return result;
    }

    private static boolean isCapability(String name) {
        int slash = name.indexOf('/');
        return SelectorText.isName(name, 0, "")
                && !name.startsWith("#")
                && slash > 0
                && slash < name.length() - 1
                && name.indexOf(':') < 0;
    }

    private SortedSet<Tag> via(@Nullable Field via) {
        TreeSet<Tag> tags = new TreeSet<>();
        if (via != null) {
            for (PlacedValue<Selector> selector : selectors.list(via.value(), SelectorPosition.VIA)) {
                if (selector.value() instanceof Selector.Tagged tagged) {
                    tags.add(tagged.tag());
                }
            }
        }
        return tags;
    }

    private List<PlacedValue<Selector>> sources(Map<String, Field> fields, Path spot) {
        Field src = required(fields, "src", spot);
        return src == null ? List.of() : selectors.list(src.value(), SelectorPosition.SOURCE);
    }

    /**
     * A node without a user, or an address, has no other nodes of the same user. {@code *} names such nodes
     * too: ACLs pass over them, grants refuse it.
     */
    private void checkSelf(
            List<PlacedValue<Selector>> sources, List<Selector> destinations, boolean everythingHasSelf) {
        if (!destinations.contains(Autogroup.SELF)) {
            return;
        }
        for (PlacedValue<Selector> source : problems.untilFull(sources)) {
            if (!hasSelf(source.value()) && !(everythingHasSelf && source.value() instanceof Selector.Everything)) {
                problems.add(
                        Code.SELF_WITHOUT_USER,
                        source.spot(),
                        Quotes.quoted(source.value().text())
                                + " cannot reach `autogroup:self`: only users, groups, `autogroup:member` and the "
                                + "autogroups of roles can; write another rule for it");
            }
        }
    }

    private static boolean hasSelf(Selector source) {
        if (source instanceof Autogroup autogroup) {
            return autogroup != Autogroup.TAGGED && autogroup != Autogroup.DANGER_ALL && autogroup != Autogroup.SHARED;
        }
        return source instanceof Selector.UserName
                || source instanceof Selector.UserDomain
                || source instanceof Selector.Group;
    }

    private @Nullable Field required(Map<String, Field> fields, String name, Path spot) {
        Field field = fields.get(name);
        if (field == null) {
            problems.add(Code.MISSING_FIELD, spot, "`" + name + "` is missing in this rule");
        }
        return field;
    }

    private static <T> List<T> values(List<PlacedValue<T>> placed) {
        return placed.stream().map(PlacedValue::value).toList();
    }
}
