package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.foresight.PlanLine.Kind;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Scenario;
import dev.wayleave.testing.Script;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;

/** The lines of a plan: each change that a viewer or an administrator notices has one. */
@Domain(RoutingDomain.class)
class PlanTextTest {

    private static final String POLICY = """
            {"tagOwners": {"tag:router": []},
             "grants": [
               {"src": ["ann@example.com", "ben@example.com"], "dst": ["10.1.0.0/16"], "ip": ["tcp:22"]},
               {"src": ["ann@example.com"], "dst": ["10.2.0.0/16"], "ip": ["*"]}
             ]}""";

    private static final Prefix SHARED = Prefix.parse("10.1.0.0/16");
    private static final Prefix ALONE = Prefix.parse("10.2.0.0/16");
    private static final Prefix ABSENT = Prefix.parse("10.9.0.0/16");

    private final Scenario scenario = TwoRouters.under(POLICY)
            .advertise("a", "10.1.0.0/16", "10.2.0.0/16", "0.0.0.0/0", "::/0")
            .approve("a", "10.1.0.0/16", "10.2.0.0/16", "0.0.0.0/0");

    private RoutePlan plan(Command... commands) {
        return TwoRouters.plan(scenario, commands);
    }

    private RoutePlan planOf(String policy) {
        return plan(new Command.SetPolicy(PolicyReader.read(policy)));
    }

    private static List<PlanLine> lines(RoutePlan plan, String title) {
        return PlanText.of(plan).sections().stream()
                .filter(section -> section.title().startsWith(title))
                .flatMap(section -> section.lines().stream())
                .toList();
    }

    private NodeId a() {
        return scenario.id("a");
    }

    @Test
    void aRewriteThatChangesPacketFiltersAloneChangesNothing() {
        RoutePlan plan = planOf(POLICY.replace("\"10.1.0.0/16\"]", """
                "10.1.0.0/17", "10.1.128.0/17"]"""));

        assertThat(plan.viewChanges().isEmpty()).as("nodes get another filter").isFalse();
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.NOTHING_CHANGES);
        assertThat(PlanText.of(plan).sections()).isEmpty();
        assertThat(PlanText.of(plan).summary()).startsWith("nothing changes: packet filters");
    }

    @Test
    void viewersThatLoseEachOtherAreListedOnce() {
        scenario.policy("{}");

        assertThat(lines(planOf("""
                {"grants": []}"""), "2 viewers: ann-laptop"))
                .extracting(PlanLine::text)
                .filteredOn(text -> text.startsWith("no longer see "))
                .singleElement()
                .asString()
                .startsWith("no longer see each other and a, b, because ");
    }

    @Test
    void anExitRouteForAPublicDestinationIsExplained() {
        assertThat(lines(planOf(POLICY.replace("\"10.2.0.0/16\"", "\"2001:db8::/32\"")), "1 viewer: ann-laptop"))
                .extracting(PlanLine::text)
                .filteredOn(text -> text.startsWith("gets ::/0"))
                .singleElement()
                .asString()
                .endsWith(", whose public destination 2001:db8::/32 goes to every exit node");
    }

    @Test
    void aDrainOfTheLastCarrierNamesThePrefixesThatStay() {
        RoutePlan plan = plan(new Command.DrainNode(a(), null, true));

        assertThat(plan.staying()).hasSize(1).containsEntry(a(), new java.util.TreeSet<>(List.of(ALONE)));
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.NO_LOSS);
        assertThat(lines(plan, "Drains"))
                .extracting(PlanLine::text)
                .containsExactly(
                        "a is draining",
                        "a stays an exit node: a drain moves no exit routes",
                        "10.2.0.0/16 stays on a: no other healthy node can carry it now");
        assertThat(PlanText.of(plan).summary()).contains("1 prefix", "draining");
    }

    @Test
    void anotherCarrierIsNamedWithTheCause() {
        assertThat(lines(plan(new Command.DrainNode(a(), null, true)), "2 viewers: "))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.kind()).isEqualTo(Kind.MOVED);
                    assertThat(line.text()).startsWith("get 10.1.0.0/16 through b instead of a, because ");
                });
    }

    @Test
    void anApprovalOfAnUnadvertisedPrefixIsNoGain() {
        RoutePlan plan = plan(new Command.ApproveRoutes(a(), List.of(ABSENT)));

        assertThat(lines(plan, "Approvals"))
                .containsExactly(new PlanLine(
                        Kind.CHANGED, "10.9.0.0/16 on a is approved; this takes effect only when a advertises it"));
    }

    @Test
    void aRouteThatIsApprovedTwiceIsListedOnce() {
        RoutePlan plan = plan(
                new Command.ApproveRoutes(a(), List.of(ABSENT)),
                new Command.RevokeRoutes(a(), List.of(ABSENT)),
                new Command.ApproveRoutes(a(), List.of(ABSENT)));

        assertThat(plan.approvals()).extracting(RouteEvent::kind).containsExactly("route-approved");
    }

    @Test
    void aRevocationThatDeniesIsOneLine() {
        assertThat(lines(plan(new Command.RevokeRoutes(a(), List.of(ALONE))), "Approvals"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.kind()).isEqualTo(Kind.LOST);
                    assertThat(line.text()).contains("no longer approved", "denied");
                });
    }

    @Test
    void verbsAgreeWithTheNumberOfViewersAndFilters() {
        RoutePlan one = planOf(POLICY.replace(", \"ben@example.com\"]", "]"));
        RoutePlan two =
                plan(new Command.RevokeRoutes(a(), List.of(SHARED, ALONE)), new Command.RemoveNode(scenario.id("b")));

        assertThat(lines(one, "1 viewer: ben-laptop"))
                .first()
                .satisfies(line -> assertThat(line.text()).startsWith("loses 10.1.0.0/16 through a, because "));
        assertThat(lines(one, "Packet filters of a, b"))
                .first()
                .satisfies(line -> assertThat(line.text())
                        .startsWith("no longer accept tcp:22 from ben-laptop to 10.1.0.0/16, because "));
        assertThat(lines(two, "1 viewer: ann-laptop")).isNotEmpty();
        assertThat(PlanText.of(two).summary())
                .contains("2 viewers lose routes", "1 node accepts less traffic", "2 prefixes become unserved");
    }

    @Test
    void nodesThatComeGoAndChangeAreNamed() {
        Node renamed = scenario.node("a").facts().toBuilder().name("berlin").build();
        RoutePlan plan = plan(
                new Command.UpdateNode(renamed),
                new Command.RemoveNode(scenario.id("ben-laptop")),
                new Command.RegisterNode(Node.builder(new NodeId(99), "new", Owner.tags("tag:router"))
                        .hostKey("new")
                        .build()));

        assertThat(lines(plan, "Nodes"))
                .contains(
                        new PlanLine(Kind.CHANGED, "`a` is renamed to `berlin`"),
                        new PlanLine(Kind.LOST, "ben-laptop is removed"),
                        new PlanLine(Kind.GAINED, "new is registered"));
    }

    @Test
    void aDrainThatBeginsAndEndsInThePlanIsNoChange() {
        RoutePlan plan = plan(new Command.DrainNode(a(), null, true), new Command.UndrainNode(a()));

        assertThat(plan.events()).isEmpty();
        assertThat(plan.verdict()).isEqualTo(RoutePlan.Verdict.NOTHING_CHANGES);
    }

    @Provide
    static Arbitrary<Script> histories() {
        return RoutingArbitraries.scriptsUnderPolicies();
    }

    /** The exit code of the tool relies on it. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aPlanHasALineExactlyIfSomethingChanges(@ForAll("histories") Script script) {
        RoutingViews views = RoutingViews.of(script.start());
        for (Script.Moment moment : script.moments()) {
            RoutePlan plan = RoutePlan.of(views, moment.submissions(), moment.at());
            PlanText text = PlanText.of(plan);
            assertThat(text.sections().isEmpty())
                    .as("%s %s", text.sections(), plan.step().events())
                    .isEqualTo(plan.verdict() == RoutePlan.Verdict.NOTHING_CHANGES);
            boolean loss = Stream.concat(
                            plan.viewers().stream().flatMap(impact -> text.lines(impact).stream()),
                            plan.traffic().stream().flatMap(impact -> text.lines(impact).stream()))
                    .anyMatch(line -> line.kind() == Kind.LOST);
            assertThat(loss).isEqualTo(plan.verdict() == RoutePlan.Verdict.LOSS);
            views = views.after(Routing.step(views.state(), moment.submissions(), moment.at()));
        }
    }
}
