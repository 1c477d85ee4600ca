package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.JsonValue.Field;
import dev.wayleave.policy.JsonValue.Path;
import dev.wayleave.policy.PolicyProblem.Code;
import dev.wayleave.policy.PolicySelectors.Definitions;
import dev.wayleave.policy.PolicySelectors.PlacedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Understands a policy's sections and checks everything in them. Policies that are built in code pass through it too,
 * so that there is one set of rules.
 */
final class PolicyDecoder {

    private static final List<String> NOT_READ = List.of(
            "ssh",
            "sshTests",
            "postures",
            "attrConfig",
            "derpMap",
            "disableIPv4",
            "OneCGNATRoute",
            "randomizeClientPort");

    private static final PolicyShapes.Schema POLICY = new PolicyShapes.Schema(
                    "a policy",
                    "groups",
                    "hosts",
                    "ipsets",
                    "tagOwners",
                    "autoApprovers",
                    "acls",
                    "grants",
                    "ssh",
                    "sshTests",
                    "tests",
                    "nodeAttrs",
                    "postures",
                    "attrConfig",
                    "derpMap",
                    "disableIPv4",
                    "OneCGNATRoute",
                    "randomizeClientPort")
            .notSupported("defaultSrcPosture");

    private static final PolicyShapes.Schema AUTO_APPROVERS =
            new PolicyShapes.Schema("`autoApprovers`", "routes", "exitNode", "services");

    private final Problems problems;
    private final PolicyVisitor visitor;
    private final PolicyShapes shapes;
    private final RoutingPolicyBuilder policy = RoutingPolicy.builder();

    private PolicyDecoder(Problems problems, PolicyVisitor visitor) {
        this.problems = problems;
        this.visitor = visitor;
        this.shapes = new PolicyShapes(problems);
    }

    /** Understands as much as possible; the result is of use only if there were no problems. */
    static RoutingPolicyBuilder decode(JsonValue root, Problems problems, PolicyVisitor visitor) {
        PolicyDecoder decoder = new PolicyDecoder(problems, visitor);
        decoder.sections(root);
        return decoder.policy;
    }

    private void sections(JsonValue root) {
        Map<String, Field> sections = shapes.fields(root, POLICY);
        if (sections == null) {
            return;
        }
        NOT_READ.stream().filter(sections::containsKey).forEach(policy::sectionNotRead);
        List<Field> groups = entries(sections, "groups");
        List<Field> tagOwners = entries(sections, "tagOwners");
        Map<String, Prefix> hosts = hosts(entries(sections, "hosts"));
        Map<String, List<Prefix>> ipSets = ipSets(entries(sections, "ipsets"), hosts);
        PolicySelectors selectors = new PolicySelectors(
                shapes, problems, visitor, new Definitions(groupNames(groups), hosts, tagNames(tagOwners), ipSets));
        problems.untilFull(groups).forEach(group -> group(group, selectors));
        tagOwners(tagOwners, selectors);
        ifPresent(sections, "autoApprovers", value -> autoApprovers(value, selectors));
        RuleDecoder rules = new RuleDecoder(shapes, selectors, problems, policy.places);
        ifPresent(sections, "acls", value -> policy.acls(rules.acls(value)));
        ifPresent(sections, "grants", value -> policy.grants(rules.grants(value)));
        TestDecoder tests = new TestDecoder(shapes, selectors, problems, policy.places);
        ifPresent(sections, "tests", value -> policy.tests(tests.tests(value)));
        NodeAttributeDecoder attributes = new NodeAttributeDecoder(shapes, selectors, problems, policy.places);
        ifPresent(sections, "nodeAttrs", value -> policy.appConnectors(attributes.connectors(value)));
        if (attributes.hasPassedOver()) {
            policy.sectionNotRead("nodeAttrs");
        }
        ifPresent(sections, "ssh", value -> undefinedNames(value, selectors));
        ifPresent(sections, "sshTests", value -> undefinedNames(value, selectors));
    }

    private static void ifPresent(Map<String, Field> fields, String name, Consumer<JsonValue> reader) {
        Field field = fields.get(name);
        if (field != null) {
            reader.accept(field.value());
        }
    }

    /** The sources and destinations of a section that is not read. */
    private void undefinedNames(JsonValue section, PolicySelectors selectors) {
        if (!(section instanceof JsonValue.Items entries)) {
            return;
        }
        for (JsonValue entry : problems.untilFull(entries.values())) {
            if (entry instanceof JsonValue.Fields object) {
                for (Field field : problems.untilFull(object.fields())) {
                    if (field.name().equalsIgnoreCase("src") || field.name().equalsIgnoreCase("dst")) {
                        selectors.noticeUndefinedNames(field.value());
                    }
                }
            }
        }
    }

    private List<Field> entries(Map<String, Field> fields, String name) {
        Field field = fields.get(name);
        return field == null ? List.of() : shapes.entries(field.value());
    }

    private Set<String> groupNames(List<Field> groups) {
        Set<String> names = new HashSet<>();
        for (Field group : problems.untilFull(groups)) {
            names.add(group.name());
            if (!SelectorText.isGroupName(group.name())) {
                problems.add(Code.MALFORMED_NAME, group.spot(), SelectorText.malformedGroup(group.name()));
            }
        }
        return names;
    }

    private Set<Tag> tagNames(List<Field> tagOwners) {
        Set<Tag> tags = new HashSet<>();
        for (Field owners : problems.untilFull(tagOwners)) {
            if (Tag.isValid(owners.name())) {
                tags.add(new Tag(owners.name()));
            } else {
                problems.add(Code.MALFORMED_NAME, owners.spot(), SelectorText.malformedTag(owners.name()));
            }
        }
        return tags;
    }

    /** A host whose value is refused is defined all the same, so that its uses are not refused too. */
    private Map<String, Prefix> hosts(List<Field> hosts) {
        Map<String, Prefix> result = new HashMap<>();
        for (Field host : problems.untilFull(hosts)) {
            if (!SelectorText.isHostName(host.name())) {
                problems.add(
                        Code.MALFORMED_NAME,
                        host.spot(),
                        Quotes.quoted(host.name())
                                + " is not a name for a host: write a word that is not an address, without blanks or"
                                + " any of `*/:,@`");
            }
            String text = shapes.text(host.value());
            Prefix prefix = text == null
                    ? null
                    : SelectorText.addressOrPrefix(
                            text, problems.at(host.value().spot()));
            result.put(host.name(), prefix == null ? NOWHERE : prefix);
            if (prefix != null) {
                policy.host(host.name(), prefix);
                visitor.host(host.name(), prefix, host.spot());
            }
        }
        return result;
    }

    /** A set with a fault is defined all the same, so that its uses are not refused too. */
    private Map<String, List<Prefix>> ipSets(List<Field> sets, Map<String, Prefix> hosts) {
        Map<String, IpSetDefinition> definitions = new LinkedHashMap<>();
        Map<String, List<Path>> spots = new HashMap<>();
        Set<String> faulty = new HashSet<>();
        for (Field set : problems.untilFull(sets)) {
            List<IpSetDefinition.Operation> operations = new ArrayList<>();
            List<Path> places = new ArrayList<>();
            if (!readIpSet(set, hosts, operations, places)) {
                faulty.add(set.name());
            }
            definitions.put(set.name(), new IpSetDefinition(operations));
            spots.put(set.name(), places);
        }
        definitions.forEach(policy::ipSet);
        IpSets resolving = new IpSets(
                definitions,
                hosts,
                OverlayRanges.DEFAULT.publicInternet(),
                problems.limits().ipSetLevels(),
                new IpSetFaults(problems, definitions, spots),
                faulty);
        return resolveIpSets(sets, resolving);
    }

    /** Reads the operations of a set, each with its place; returns false if the set has a fault. */
    private boolean readIpSet(
            Field set, Map<String, Prefix> hosts, List<IpSetDefinition.Operation> operations, List<Path> places) {
        boolean isWhole = set.value() instanceof JsonValue.Items;
        if (!SelectorText.isIpSetName(set.name())) {
            problems.add(Code.MALFORMED_NAME, set.spot(), SelectorText.malformedIpSet(set.name()));
            isWhole = false;
        }
        for (JsonValue item : shapes.items(set.value())) {
            String text = shapes.text(item);
            IpSetDefinition.Operation operation =
                    text == null ? null : IpSetText.operation(text, problems.at(item.spot()));
            if (operation == null || !isDefined(operation.target(), hosts, item.spot())) {
                isWhole = false;
            } else {
                operations.add(operation);
                places.add(item.spot());
            }
        }
        return isWhole;
    }

    private Map<String, List<Prefix>> resolveIpSets(List<Field> sets, IpSets resolving) {
        Map<String, List<Prefix>> result = new HashMap<>();
        long prefixes = 0;
        for (Field set : problems.untilFull(sets)) {
            // a set beyond the limit is not worked out: the policy is refused
            boolean fits = prefixes <= problems.limits().entries();
            List<Prefix> made = fits ? resolving.addresses(set.name()).prefixes() : List.of();
            prefixes += made.size();
            if (fits && prefixes > problems.limits().entries()) {
                problems.add(
                        Code.TOO_MANY_ENTRIES,
                        set.spot(),
                        "the IP sets up to here have more than "
                                + problems.limits().entries() + " prefixes: make them smaller");
            } else if (fits && made.isEmpty() && resolving.isWhole(set.name())) {
                problems.add(
                        Code.EMPTY_IP_SET,
                        set.spot(),
                        "the IP set " + Quotes.quoted(set.name()) + " holds no address: add one, or leave the set out");
            }
            result.put(set.name(), made);
        }
        return result;
    }

    private boolean isDefined(IpSetDefinition.Target target, Map<String, Prefix> hosts, Path spot) {
        if (target instanceof IpSetDefinition.Target.NamedHost host && !hosts.containsKey(host.name())) {
            problems.add(
                    Code.UNKNOWN_HOST,
                    spot,
                    "host " + Quotes.quoted(host.name()) + " is not defined: add it to `hosts`");
            return false;
        }
        return true;
    }

    /** Reports the faults of IP sets at their places. */
    private record IpSetFaults(
            Problems problems, Map<String, IpSetDefinition> definitions, Map<String, List<Path>> spots)
            implements IpSets.Faults {

        @Override
        public void circle(String set, int operation) {
            addAboutTarget(
                    Code.IP_SET_CYCLE,
                    set,
                    operation,
                    " contains itself in the end: take it out of the set here, or on the way back");
        }

        @Override
        public void unknown(String set, int operation) {
            addAboutTarget(Code.UNKNOWN_IP_SET, set, operation, " is not defined: add it to `ipsets`");
        }

        @Override
        public void tooDeep(String set, int operation) {
            problems.add(
                    Code.IP_SETS_TOO_DEEP,
                    spot(set, operation),
                    "the IP set " + Quotes.quoted(set) + ", with the sets in it, is more than "
                            + problems.limits().ipSetLevels() + " levels deep: name addresses in place of a set");
        }

        private Path spot(String set, int operation) {
            return spots.getOrDefault(set, List.of()).get(operation);
        }

        private void addAboutTarget(Code code, String set, int operation, String message) {
            String inner = definitions
                    .getOrDefault(set, new IpSetDefinition(List.of()))
                    .operations()
                    .get(operation)
                    .target()
                    .text();
            problems.add(code, spot(set, operation), "the IP set " + Quotes.quoted(inner) + message);
        }
    }

    private static final Prefix NOWHERE = Prefix.parse("0.0.0.0/32");

    private void group(Field group, PolicySelectors selectors) {
        List<Selector.UserName> members = new ArrayList<>();
        for (PlacedValue<Selector> member : selectors.list(group.value(), SelectorPosition.GROUP_MEMBER)) {
            if (member.value() instanceof Selector.UserName name) {
                members.add(name);
            }
        }
        policy.group(group.name(), members);
    }

    private void tagOwners(List<Field> tagOwners, PolicySelectors selectors) {
        Map<Tag, List<PlacedValue<Selector>>> owners = new LinkedHashMap<>();
        for (Field field : problems.untilFull(tagOwners)) {
            List<PlacedValue<Selector>> list = selectors.list(field.value(), SelectorPosition.TAG_OWNER);
            if (Tag.isValid(field.name())) {
                owners.put(new Tag(field.name()), list);
                policy.tagOwners(new Tag(field.name()), values(list));
                visitor.tag(new Tag(field.name()), field.spot());
            }
        }
        for (PlacedValue<Tag> closing : TagOwnership.closings(owners)) {
            problems.notice(
                    PolicyNotice.Code.TAG_CYCLE,
                    closing.spot(),
                    "tag " + Quotes.quoted(closing.value().value())
                            + " owns itself in the end: to it this entry adds no owner");
        }
    }

    private void autoApprovers(JsonValue section, PolicySelectors selectors) {
        Map<String, Field> fields = shapes.fields(section, AUTO_APPROVERS);
        if (fields == null) {
            return;
        }
        if (fields.containsKey("services")) {
            policy.sectionNotRead("autoApprovers.services");
        }
        TreeSet<Prefix> seen = new TreeSet<>();
        for (Field route : problems.untilFull(entries(fields, "routes"))) {
            Prefix prefix = SelectorText.prefix(route.name(), problems.at(route.spot()));
            List<PlacedValue<Selector>> approvers = selectors.list(route.value(), SelectorPosition.APPROVER);
            if (prefix != null) {
                if (!seen.add(prefix)) {
                    shapes.duplicate(route);
                }
                policy.autoApproveRoutes(prefix, values(approvers));
                policy.places.routeApprovers.put(prefix, spots(approvers));
            }
        }
        ifPresent(fields, "exitNode", value -> {
            List<PlacedValue<Selector>> approvers = selectors.list(value, SelectorPosition.APPROVER);
            policy.autoApproveExitNodes(values(approvers));
            policy.places.exitNodeApprovers.addAll(spots(approvers));
        });
    }

    private static List<Selector> values(List<PlacedValue<Selector>> placed) {
        return placed.stream().map(PlacedValue::value).toList();
    }

    private static List<Path> spots(List<PlacedValue<Selector>> placed) {
        return placed.stream().map(PlacedValue::spot).toList();
    }
}
