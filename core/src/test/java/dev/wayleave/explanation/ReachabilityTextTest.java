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
import java.util.ArrayList;
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

    /** Asserts that one line of an answer has the label and these facts, in this order. */
    private static void assertLine(String answer, List<String> labelAndFacts) {
        assertThat(answer.lines().map(String::strip))
                .anySatisfy(line ->
                        assertThat(line).startsWith(labelAndFacts.get(0)).containsSubsequence(labelAndFacts));
    }

    private static Arguments line(Object value, String label, String... facts) {
        return Arguments.of(
                value, Stream.concat(Stream.of(label), Arrays.stream(facts)).toList());
    }

    static Stream<Arguments> missing() {
        return Stream.of(
                line(new Obstacle.NoAddressOfFamily(), "missing", "IPv4 address", "sender"),
                line(new Obstacle.NotSeen(GW), "missing", "rule", "pc", "gw"),
                line(new Obstacle.NoRuleAt(new Hop.Router(GW, NET, true)), "missing", "rule", "tcp 443", "pc", "gw"),
                line(
                        new Obstacle.RouteWithheld(GW, NET, new Withheld.NotAdmitted()),
                        "no route",
                        "10.0.0.0/8",
                        "gw",
                        "no rule",
                        "pc"),
                line(
                        new Obstacle.NotApproved(GW, NET, new Verdict.NoKeyCovers()),
                        "missing",
                        "approval",
                        "10.0.0.0/8",
                        "gw",
                        "`autoApprovers.routes`"),
                line(new Obstacle.NoRoute(true), "missing", "advertises", "exit node"),
                line(new Obstacle.OwnSite(SITE), "missing", "pc", "site 7"),
                line(new Obstacle.ViaOverridden(RULE, GW, OTHER, PC), "via", "grants[0]", "line 1", "gw", "grants[1]"));
    }

    private String answer(Obstacle missing) {
        return text(new Reachability.No(question(), ENDS, List.of(missing), List.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void anObstacleHasALine(Obstacle missing, List<String> line) {
        assertThat(answer(missing)).satisfies(text -> assertLine(text, line));
        assertThat(answer(missing).lines().findFirst().orElseThrow())
                .startsWith("no")
                .containsSubsequence("pc", "100.64.0.1", "10.1.2.3", "tcp 443");
    }

    @Test
    void noTwoObstaclesPrintAlike() {
        assertThat(missing().map(each -> answer((Obstacle) each.get()[0]))).doesNotHaveDuplicates();
    }

    static Stream<Arguments> differences() {
        TreeSet<Tag> tags = new TreeSet<>(Set.of(new Tag("tag:x")));
        return Stream.of(
                line(new NearRule.OtherSources(List.of(Selector.parse("eve@"))), "near", "eve@"),
                line(new NearRule.SameUserOnly(), "near", "same user"),
                line(new NearRule.ThroughTags(tags, new TreeSet<>()), "near", "tag:x", "none"),
                line(new NearRule.ThroughTags(tags, new TreeSet<>(Set.of(GW))), "near", "tag:x", "gw"),
                line(
                        new NearRule.OtherTraffic(
                                List.of(Traffic.parse("tcp:80"), Traffic.parse("tcp:443"), Traffic.parse("udp:53"))),
                        "near",
                        "tcp 80, 443, udp 53"),
                line(new NearRule.CapabilitiesOnly(), "near", "capabilities", "no traffic"),
                line(new NearRule.OtherAddresses(AddressSet.of(NET)), "near", "opens 10.0.0.0/8"));
    }

    private String answer(Difference difference) {
        return text(new Reachability.No(
                question(),
                ENDS,
                List.of(new Obstacle.NotSeen(GW)),
                List.of(new NearRule(RULE, List.of(difference))),
                List.of()));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void aNearRuleIsPrintedWithItsDifference(Difference difference, List<String> line) {
        List<String> withRule = new ArrayList<>(List.of("near", "grants[0]", "line 1", "10.0.0.0/8", "tcp:80"));
        withRule.addAll(line.subList(1, line.size()));

        assertLine(answer(difference), withRule);
    }

    @Test
    void noTwoDifferencesPrintAlike() {
        assertThat(differences().map(each -> answer((Difference) each.get()[0])))
                .doesNotHaveDuplicates();
    }

    static Stream<Arguments> notes() {
        TreeSet<NodeId> gw = new TreeSet<>(Set.of(GW));
        return Stream.of(
                line(
                        new Reachability.PingOfFamily(Protocol.IPV6_ICMP, Protocol.ICMP),
                        "note",
                        "IPv4",
                        " icmp",
                        "not ipv6-icmp"),
                line(new Reachability.ExistsAtSite(SITE, gw), "4via6", "site 7", "10.1.2.3", "gw", "10-1-2-3-via-7"),
                line(new Reachability.ExitNodesShown(RULE, gw), "note", "pc", "gw", "exit node"),
                line(new Reachability.CarrierOffline(GW), "but", "gw", "offline"));
    }

    @ParameterizedTest
    @MethodSource("notes")
    void aNoteHasALine(Note note, List<String> line) {
        assertLine(
                text(new Reachability.No(
                        question(), ENDS, List.of(new Obstacle.NotSeen(GW)), List.of(), List.of(note))),
                line);
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

        assertThat(text(answer).lines().findFirst().orElseThrow())
                .containsSubsequence("fd7a:115c:a1e0:b1a:0:7:a01:203", "10.1.2.3", "site 7", "tcp 443");
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
                .containsSubsequence("none", "pc", "exit node");
    }

    @Test
    void manyOfAKindAreCut() {
        List<Note> many = Stream.generate(() -> (Note) new Reachability.CarrierOffline(GW))
                .limit(25)
                .toList();

        assertThat(text(new Reachability.No(question(), ENDS, List.of(new Obstacle.NotSeen(GW)), List.of(), many)))
                .containsOnlyOnce(" 5 more");
    }
}
