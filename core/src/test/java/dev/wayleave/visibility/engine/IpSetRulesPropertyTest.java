package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.engine.AccessRules;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.IpSetDefinition;
import dev.wayleave.policy.IpSetDefinition.Operation;
import dev.wayleave.policy.IpSetDefinition.Target;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A rule that names an IP set is the rule that names the set's prefixes: as source and destination, with via, both
 * families.
 */
class IpSetRulesPropertyTest {

    @Provide
    Arbitrary<Tailnets.Elected> tailnets() {
        return Tailnets.any();
    }

    @Property(tries = 300)
    void aSetStandsForItsPrefixes(@ForAll("tailnets") Tailnets.Elected elected) {
        NaiveTailnet spelled = elected.tailnet();
        Map<String, IpSetDefinition> sets = new TreeMap<>();
        NaiveTailnet named = new NaiveTailnet(
                named(spelled.policy(), sets), spelled.users(), spelled.nodes(), spelled.exitRule(), spelled.overlay());
        AccessRules rules = spelled.compile();
        AccessRules other = named.compile();
        Visibility visibility = Visibility.of(rules, elected.routes(), Presences.NONE);
        Visibility otherVisibility = Visibility.of(other, elected.routes(), Presences.NONE);
        for (NodeRoutes node : spelled.nodes()) {
            NodeId id = node.node().id();
            assertThat(other.filter(id)).isEqualTo(rules.filter(id));
            Optional<ViewerRoutes> view = visibility.viewer(id);
            Optional<ViewerRoutes> otherView = otherVisibility.viewer(id);
            assertThat(otherView.map(ViewerRoutes::routes)).isEqualTo(view.map(ViewerRoutes::routes));
            assertThat(otherView.map(ViewerRoutes::given)).isEqualTo(view.map(ViewerRoutes::given));
        }
    }

    private static RoutingPolicy named(RoutingPolicy policy, Map<String, IpSetDefinition> sets) {
        RoutingPolicyBuilder builder = policy.toBuilder();
        policy.acls()
                .ifPresent(rules -> builder.acls(rules.stream()
                        .map(rule -> new AclRule(
                                named(rule.sources(), sets),
                                rule.protocol().orElse(null),
                                rule.destinations().stream()
                                        .map(each ->
                                                new AclRule.Destination(named(each.selector(), sets), each.ports()))
                                        .toList()))
                        .toList()));
        policy.grants()
                .ifPresent(rules -> builder.grants(rules.stream()
                        .map(rule -> new Grant(
                                named(rule.sources(), sets),
                                named(rule.destinations(), sets),
                                rule.ip(),
                                rule.app(),
                                rule.via()))
                        .toList()));
        sets.forEach(builder::ipSet);
        return builder.build();
    }

    private static List<Selector> named(List<Selector> selectors, Map<String, IpSetDefinition> sets) {
        return selectors.stream().map(selector -> named(selector, sets)).toList();
    }

    private static Selector named(Selector selector, Map<String, IpSetDefinition> sets) {
        if (!(selector instanceof Selector.Network network)) {
            return selector;
        }
        String name = "ipset:" + network.prefix().toString().replace(":", "_").replace("/", "-");
        sets.put(name, definition(network.prefix()));
        return new Selector.IpSet(name);
    }

    /** In a roundabout way: both ends, more than that, all of it without its first address, and that one again. */
    private static IpSetDefinition definition(Prefix prefix) {
        return new IpSetDefinition(List.of(
                new Operation(false, new Target.Block(prefix.last().toPrefix())),
                new Operation(false, new Target.Range(IpRange.of(prefix))),
                new Operation(true, new Target.Block(prefix.first().toPrefix())),
                new Operation(false, new Target.Block(prefix.first().toPrefix()))));
    }
}
