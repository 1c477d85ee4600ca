package dev.wayleave.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingViews;
import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.explanation.NearRule.Difference;
import dev.wayleave.explanation.Reachability.Note;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.Withheld;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason and note of an answer about traffic has a line of its own. */
class ReachabilityTextTest {

    private static final NodeId PC = new NodeId(1);
    private static final NodeId GW = new NodeId(2);
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final RuleId RULE = new RuleId(RuleId.Section.GRANTS, 0);
    private static final RuleId OTHER = new RuleId(RuleId.Section.GRANTS, 1);
    private static final Via6 SITE = Via6.parseName("10-1-2-3-via-7");

    private final RoutingViews views = RoutingViews.of(Scenario.begin()
            .policy("""
                    {"grants": [{"src": ["*"], "dst": ["10.0.0.0/8"], "ip": ["tcp:80"]},
                                {"src": ["*"], "dst": ["10.1.0.0/16"], "ip": ["tcp:22"]}]}""")
            .register("pc", node -> node.address(IpAddress.parse("100.64.0.1")))
            .router("gw", "10.0.0.0/8")
            .state());

    private static final Reachability.Endpoints ENDS =
            new Reachability.Endpoints(List.of(IpAddress.parse("100.64.0.1")), null);

    private String text(Reachability answer) {
        return answer.text(views.state().names());
    }

    private static TrafficQuestion question() {
        return TrafficQuestion.of(PC, Prefix.parse("10.1.2.3/32"), Protocol.TCP, 443);
    }

    static Stream<Arguments> missing() {
        return Stream.of(
                Arguments.of(new Obstacle.NoAddressOfFamily(), "missing   an IPv4 address of the sender"),
                Arguments.of(new Obstacle.NotSeen(GW), "missing   a rule that lets pc reach gw"),
                Arguments.of(
                        new Obstacle.NoRuleAt(new Hop.Router(GW, NET, true)),
                        "missing   a rule that lets tcp 443 from pc in at gw"),
                Arguments.of(
                        new Obstacle.RouteWithheld(GW, NET, new Withheld.NotAdmitted()),
                        "no route  10.0.0.0/8 through gw: no rule lets pc reach it there"),
                Arguments.of(
                        new Obstacle.NotApproved(GW, NET, new Verdict.NoKeyCovers()),
                        "missing   approval of 10.0.0.0/8 at gw: no key of `autoApprovers.routes` covers it"),
                Arguments.of(
                        new Obstacle.NoRoute(true),
                        "missing   a node that advertises a route there, or offers itself as an exit node"),
                Arguments.of(new Obstacle.OwnSite(SITE), "pc is a router of site 7 itself"),
                Arguments.of(
                        new Obstacle.ViaOverridden(RULE, GW, OTHER, PC),
                        "via       grants[0], line 1 (* → 10.0.0.0/8 tcp:80) would let it in at gw, but grants[1]"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void whatIsMissingHasALine(Obstacle missing, String line) {
        assertThat(text(new Reachability.No(question(), ENDS, List.of(missing), List.of(), List.of())))
                .startsWith("no: pc (100.64.0.1) → 10.1.2.3, tcp 443\n\n")
                .contains(line);
    }

    static Stream<Arguments> differences() {
        TreeSet<Tag> tags = new TreeSet<>(Set.of(new Tag("tag:x")));
        return Stream.of(
                Arguments.of(new NearRule.OtherSources(List.of(Selector.parse("eve@"))), "is for eve@ only"),
                Arguments.of(new NearRule.SameUserOnly(), "opens devices of the same user only"),
                Arguments.of(
                        new NearRule.ThroughTags(tags, new TreeSet<>()),
                        "leads through nodes with tag:x, and there is none"),
                Arguments.of(
                        new NearRule.ThroughTags(tags, new TreeSet<>(Set.of(GW))),
                        "leads through nodes with tag:x only: gw"),
                Arguments.of(
                        new NearRule.OtherTraffic(
                                List.of(Traffic.parse("tcp:80"), Traffic.parse("tcp:443"), Traffic.parse("udp:53"))),
                        "opens tcp 80, 443, udp 53 only"),
                Arguments.of(new NearRule.CapabilitiesOnly(), "gives capabilities, and opens no traffic"),
                Arguments.of(new NearRule.OtherAddresses(AddressSet.of(NET)), "opens 10.0.0.0/8 only"));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void whatKeepsARuleFromHelpingHasWords(Difference difference, String words) {
        Reachability answer = new Reachability.No(
                question(),
                ENDS,
                List.of(new Obstacle.NotSeen(GW)),
                List.of(new NearRule(RULE, List.of(difference))),
                List.of());
        assertThat(text(answer)).endsWith("  near      grants[0], line 1 (* → 10.0.0.0/8 tcp:80) " + words + "\n");
    }

    static Stream<Arguments> notes() {
        TreeSet<NodeId> gw = new TreeSet<>(Set.of(GW));
        return Stream.of(
                Arguments.of(
                        new Reachability.PingOfFamily(Protocol.IPV6_ICMP, Protocol.ICMP),
                        "note      a ping of an IPv4 address is icmp, not ipv6-icmp"),
                Arguments.of(
                        new Reachability.ExistsAtSite(SITE, gw),
                        "4via6     site 7 has 10.1.2.3 too, behind gw: ask for 10-1-2-3-via-7"),
                Arguments.of(new Reachability.ExitNodesShown(RULE, gw), "note      pc is also shown gw as exit node"),
                Arguments.of(new Reachability.CarrierOffline(GW), "but       gw is offline"));
    }

    @ParameterizedTest
    @MethodSource("notes")
    void aNoteHasALine(Note note, String line) {
        assertThat(text(new Reachability.No(
                        question(), ENDS, List.of(new Obstacle.NotSeen(GW)), List.of(), List.of(note))))
                .contains(line);
    }

    @Test
    void anAddressAtASiteSaysWhatItStandsFor() {
        TrafficQuestion atSite = TrafficQuestion.of(PC, SITE.toPrefix(), Protocol.TCP, 443);
        Reachability answer = new Reachability.No(
                atSite,
                ENDS,
                List.of(new Obstacle.OwnSite(SITE)),
                List.of(),
                List.of(new Reachability.MapsToSite(SITE)));

        assertThat(text(answer)).contains("→ fd7a:115c:a1e0:b1a:0:7:a01:203 (10.1.2.3 at site 7), tcp 443");
    }

    @Test
    void noReasonAndNoNoteIsForgotten() {
        assertThat(classes(missing())).containsAll(Arrays.asList(Obstacle.class.getPermittedSubclasses()));
        assertThat(classes(differences())).containsAll(Arrays.asList(Difference.class.getPermittedSubclasses()));
        assertThat(Stream.concat(classes(notes()).stream(), Stream.of(Reachability.MapsToSite.class)))
                .containsAll(Arrays.asList(Note.class.getPermittedSubclasses()));
    }

    private static List<Class<?>> classes(Stream<Arguments> arguments) {
        return arguments.<Class<?>>map(each -> each.get()[0].getClass()).toList();
    }

    @Test
    void anExitNodeNeedsNoRoute() {
        assertThat(new Hop.OwnNetwork(Prefix.parse("0.0.0.0/0"))
                        .text(views.state().names(), PC))
                .isEqualTo("none needed: pc is an exit node itself");
    }

    @Test
    void manyOfAKindAreCut() {
        List<Note> many = Stream.generate(() -> (Note) new Reachability.CarrierOffline(GW))
                .limit(25)
                .toList();

        assertThat(text(new Reachability.No(question(), ENDS, List.of(new Obstacle.NotSeen(GW)), List.of(), many)))
                .endsWith("            and 5 more\n");
    }
}
