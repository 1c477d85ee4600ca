package dev.wayleave.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Verdict;
import dev.wayleave.explanation.Obstacle.NoRoute;
import dev.wayleave.explanation.Obstacle.NoRuleAt;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which facts an answer about traffic prints: ways, rules, what is open and what is closed. */
class ReachabilityPathsTextTest {

    private static final Names NAMES =
            Names.of(node -> List.of("pc", "gw", "other").get((int) node.value() - 1));
    private static final NodeId PC = new NodeId(1);
    private static final NodeId GW = new NodeId(2);
    private static final NodeId OTHER = new NodeId(3);
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final Prefix PART = Prefix.parse("10.1.0.0/16");
    private static final Prefix HOST = Prefix.parse("10.1.2.3/32");
    private static final Hop.Router THROUGH_GW = new Hop.Router(GW, NET, true);
    private static final List<Traffic> WEB = List.of(Traffic.parse("tcp:80"));
    private static final IpAddress FOUR = IpAddress.parse("100.64.0.1");
    private static final IpAddress SIX = IpAddress.parse("fd7a:115c:a1e0::1");
    private static final Reachability.Endpoints ENDS = new Reachability.Endpoints(List.of(SIX, FOUR), null);

    private static TrafficQuestion tcp(Prefix destination) {
        return TrafficQuestion.of(PC, destination, Protocol.TCP, 443);
    }

    private static Path path(Hop hop, Prefix destination, Integer... grants) {
        SortedSet<RuleId> rules = Stream.of(grants)
                .map(grant -> new RuleId(RuleId.Section.GRANTS, grant))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Path(hop, AddressSet.of(destination), rules, WEB);
    }

    /** The lines below the question, each without the blanks that align it. */
    private static List<String> lines(Reachability answer) {
        return answer.text(NAMES)
                .lines()
                .skip(2)
                .map(line -> line.strip().replaceAll(" {2,}", " | "))
                .toList();
    }

    private static String head(Reachability answer) {
        return answer.text(NAMES).lines().findFirst().orElseThrow();
    }

    private static Reachability no(TrafficQuestion question, Obstacle... missing) {
        return new Reachability.No(question, ENDS, List.of(missing), List.of(), List.of());
    }

    private static Reachability partly(Path path, Obstacle... missing) {
        return new Reachability.Partly(
                tcp(NET), ENDS, AddressSet.of(PART), List.of(path), List.of(missing), List.of(), List.of());
    }

    /** The way through the router of the whole network, for a part of it. */
    private static void assertWay(String line, String part) {
        assertThat(line)
                .startsWith("route | 10.0.0.0/8 ")
                .containsSubsequence("gw", "primary")
                .endsWith(part);
    }

    // Ways

    @Test
    void aWayIsPrintedWithItsRules() {
        assertThat(lines(new Reachability.Yes(tcp(HOST), ENDS, List.of(path(THROUGH_GW, HOST, 0, 2)), List.of())))
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.get(0))
                        .startsWith("route | ")
                        .containsSubsequence("10.0.0.0/8", "gw", "primary"))
                .satisfies(lines -> assertThat(lines.get(1)).startsWith("rule | `grants[0]`"))
                .satisfies(lines -> assertThat(lines.get(2)).startsWith("rule | `grants[2]`"));
    }

    @Test
    void aWayThroughAnotherCarrierThanThePrimaryIsChosenForTheViewer() {
        Hop.Router chosen = new Hop.Router(GW, NET, false);

        assertThat(lines(new Reachability.Yes(tcp(HOST), ENDS, List.of(path(chosen, HOST)), List.of())))
                .singleElement()
                .asString()
                .startsWith("route | 10.0.0.0/8 ")
                .containsSubsequence("gw", "pc")
                .doesNotContain("primary");
    }

    @Test
    void openTrafficIsPrintedWhereNoPortIsAskedFor() {
        TrafficQuestion anything = TrafficQuestion.anything(PC, HOST);
        Path silent = new Path(new Hop.Itself(), AddressSet.of(HOST), Collections.emptySortedSet(), List.of());

        assertThat(lines(new Reachability.Yes(anything, ENDS, List.of(path(THROUGH_GW, HOST)), List.of())))
                .contains("open | tcp 80");
        assertThat(lines(new Reachability.Yes(tcp(HOST), ENDS, List.of(path(THROUGH_GW, HOST)), List.of())))
                .noneMatch(line -> line.startsWith("open"));
        assertThat(lines(new Reachability.Yes(anything, ENDS, List.of(silent), List.of())))
                .noneMatch(line -> line.startsWith("open"));
    }

    @Test
    void anEntryWithoutAProtocolOpensThePingOfTheFamily() {
        Prefix six = Prefix.parse("2001:db8::1/128");
        List<Traffic> usual = List.of(Traffic.parse("80"));
        Path path6 = new Path(THROUGH_GW, AddressSet.of(six), Collections.emptySortedSet(), usual);
        Path path4 = new Path(THROUGH_GW, AddressSet.of(HOST), Collections.emptySortedSet(), usual);

        assertThat(lines(new Reachability.Yes(TrafficQuestion.anything(PC, six), ENDS, List.of(path6), List.of())))
                .contains("open | tcp, udp, ipv6-icmp 80");
        assertThat(lines(new Reachability.Yes(TrafficQuestion.anything(PC, HOST), ENDS, List.of(path4), List.of())))
                .contains("open | tcp, udp, icmp 80");
    }

    @Test
    void aWayForAPartOfTheDestinationNamesThePart() {
        List<Path> paths = List.of(path(new Hop.Router(OTHER, PART, true), PART), path(THROUGH_GW, PART));

        assertThat(lines(new Reachability.Yes(tcp(NET), ENDS, paths, List.of())))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("route | 10.1.0.0/16 ")
                                .containsSubsequence("other", "primary")
                                .doesNotContain(": "),
                        line -> assertWay(line, ": 10.1.0.0/16"));
    }

    @Test
    void ofManyRulesTwentyArePrinted() {
        Integer[] grants = IntStream.range(0, 21).boxed().toArray(Integer[]::new);

        assertThat(lines(new Reachability.Yes(tcp(HOST), ENDS, List.of(path(THROUGH_GW, HOST, grants)), List.of())))
                .hasSize(22)
                .endsWith("and 1 more");
        Integer[] twenty = IntStream.range(0, 20).boxed().toArray(Integer[]::new);
        assertThat(lines(new Reachability.Yes(tcp(HOST), ENDS, List.of(path(THROUGH_GW, HOST, twenty)), List.of())))
                .hasSize(21)
                .noneMatch(line -> line.contains("more"));
    }

    // A part

    @Test
    void aPartThatIsOpenIsPrintedWithWhatIsClosed() {
        List<String> lines = lines(partly(path(THROUGH_GW, PART), new NoRuleAt(THROUGH_GW)));

        assertThat(lines)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("open to | 10.1.0.0/16 ")
                                .endsWith(" 10.0.0.0/8"),
                        line -> assertWay(line, ": 10.1.0.0/16"),
                        line -> assertThat(line).startsWith("closed | ").endsWith(" 10.0.0.0/8:"),
                        line -> assertThat(line).startsWith("missing | ").endsWith(" gw"));
    }

    @Test
    void aClosedWayOfWhichNoPartIsOpenIsNamed() {
        Hop.Router closed = new Hop.Router(OTHER, PART, true);

        assertThat(lines(partly(path(THROUGH_GW, PART), new NoRuleAt(closed))))
                .anySatisfy(line ->
                        assertThat(line).startsWith("route | 10.1.0.0/16 ").containsSubsequence("other", "primary"));
    }

    @Test
    void aPartWithoutAWayHasNoRoute() {
        assertThat(lines(partly(path(THROUGH_GW, PART), new NoRoute(false))))
                .anySatisfy(
                        line -> assertThat(line).startsWith("route | none: ").endsWith(" rest of 10.0.0.0/8"));
    }

    // No

    @Test
    void aDestinationWithoutARouteHasNone() {
        for (Obstacle missing :
                List.of(new NoRoute(false), new Obstacle.NotApproved(GW, NET, new Verdict.NoKeyCovers()))) {
            assertThat(lines(no(tcp(HOST), missing)))
                    .hasSize(2)
                    .first()
                    .asString()
                    .startsWith("route | none: no node ")
                    .endsWith(" 10.1.2.3");
        }
    }

    @Test
    void aDestinationToWhichARouteIsClosedOrThatIsANodeHasAWay() {
        assertThat(lines(no(tcp(HOST), new NoRuleAt(THROUGH_GW), new NoRoute(false))))
                .noneMatch(line -> line.startsWith("route | none"))
                .filteredOn(line -> line.startsWith("missing | ") && line.contains("rule"))
                .hasSize(1);
        assertThat(lines(no(tcp(HOST), new Obstacle.NotSeen(GW), new NoRoute(false))))
                .noneMatch(line -> line.contains("none: no node"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("route | none: pc ").endsWith(" gw"));
        assertThat(lines(no(tcp(HOST), new NoRuleAt(THROUGH_GW)))).noneMatch(line -> line.startsWith("route | none"));
    }

    @Test
    void aMissingAddressSaysWhichTheViewerHas() {
        TrafficQuestion question = tcp(HOST);
        Obstacle missing = new Obstacle.NoAddressOfFamily();

        assertThat(lines(no(question, missing))).singleElement().asString().contains("pc has fd7a:115c:a1e0::1");
        Reachability.Endpoints none = new Reachability.Endpoints(List.of(), null);
        assertThat(lines(new Reachability.No(question, none, List.of(missing), List.of(), List.of())))
                .singleElement()
                .asString()
                .contains("pc has no address");
        assertThat(lines(no(question.fromBehind(IpAddress.parse("2001:db8::7")), missing)))
                .singleElement()
                .asString()
                .contains("2001:db8::7");
        assertThat(lines(no(question, new NoRoute(false)))).noneMatch(line -> line.contains("pc has"));
    }

    // The question

    @Test
    void theSenderHasTheAddressOfTheFamily() {
        assertThat(head(no(tcp(HOST), new NoRoute(false)))).startsWith("no: pc (100.64.0.1) → 10.1.2.3");
        assertThat(head(no(tcp(Prefix.parse("2001:db8::/32")), new NoRoute(false))))
                .startsWith("no: pc (fd7a:115c:a1e0::1) → 2001:db8::/32");
        assertThat(head(no(tcp(HOST).fromBehind(IpAddress.parse("10.7.0.1")), new NoRoute(false))))
                .startsWith("no: 10.7.0.1 behind pc → 10.1.2.3");
    }

    @Test
    void theDestinationIsTheNodeThatHasIt() {
        Reachability.Endpoints ends = new Reachability.Endpoints(List.of(FOUR), GW);

        assertThat(head(new Reachability.No(tcp(HOST), ends, List.of(new NoRoute(false)), List.of(), List.of())))
                .contains("→ 10.1.2.3 (gw), ");
    }

    @Test
    void theMeaningOfASiteIsPrintedOnce() {
        Via6 site = Via6.parseName("10-1-2-3-via-7");
        Reachability answer = new Reachability.No(
                tcp(site.toPrefix()),
                ENDS,
                List.of(new NoRoute(false)),
                List.of(),
                List.of(new Reachability.MapsToSite(site)));

        assertThat(head(answer)).contains("(10.1.2.3 at site 7)");
        assertThat(lines(answer)).hasSize(2).noneMatch(line -> line.contains("site 7"));
    }

    // Hops

    @Test
    void aHopHasThePrefixThatMatched() {
        assertThat(new Hop.OwnNetwork(NET).matchedPrefix()).contains(NET);
        assertThat(new Hop.Router(GW, NET, true).matchedPrefix()).contains(NET);
        assertThat(new Hop.ExitNode(GW, NET).matchedPrefix()).contains(NET);
        assertThat(new Hop.Peer(GW).matchedPrefix()).isEmpty();
    }

    @Test
    void theLowestAndTheHighestPortArePorts() {
        assertThat(TrafficQuestion.of(PC, HOST, Protocol.TCP, 0).port()).hasValue(0);
        assertThat(TrafficQuestion.of(PC, HOST, Protocol.TCP, 65_535).port()).hasValue(65_535);
    }
}
