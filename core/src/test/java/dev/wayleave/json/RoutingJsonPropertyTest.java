package dev.wayleave.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.Step;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.PolicyArbitraries;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import dev.wayleave.visibility.View;
import dev.wayleave.visibility.ViewChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/** Whatever a history gives is read back equal. */
@Domain(RoutingDomain.class)
class RoutingJsonPropertyTest {

    @Provide
    static Arbitrary<Script> histories() {
        return RoutingArbitraries.scriptsUnderPolicies();
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void commandsResultsEventsChangesAndRowsAreReadBackEqual(@ForAll("histories") Script script) {
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            moment.submissions().forEach(each -> assertReadBack(Submission.class, each));
            step.results().forEach(each -> assertReadBack(SubmissionResult.class, each));
            step.events().forEach(each -> assertReadBack(RouteEvent.class, each));
            assertReadBack(RowChanges.class, step.rowChanges());
            state = step.next();
        }
        assertReadBack(StateRows.class, state.rows());
        assertReadBack(RoutingSettings.class, state.settings());
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void viewsAndExplanationsAreReadBackEqual(@ForAll("histories") Script script) {
        RoutingViews views = RoutingViews.of(script.start());
        for (Script.Moment moment : script.moments()) {
            RoutingViews next = views.after(Routing.step(views.state(), moment.submissions(), moment.at()));
            assertReadBack(ViewChanges.class, next.changesSince(views));
            views = next;
        }
        List<Prefix> prefixes = new ArrayList<>(views.state().routes().keySet());
        prefixes.add(KnownRanges.EXIT_IPV4);
        for (NodeId node : views.state().nodes().keySet()) {
            assertReadBack(View.class, Routing.view(views, node).orElseThrow());
            for (Prefix prefix : prefixes) {
                assertReadBack(
                        RouteExplanation.class,
                        Routing.explain(views.state(), node, prefix).orElseThrow());
                assertReadBack(
                        ViewExplanation.class,
                        Routing.explain(views, node, prefix).orElseThrow());
            }
        }
    }

    private static <T> void assertReadBack(Class<T> type, T value) {
        String text = RoutingJson.write(value);
        assertThat(RoutingJson.read(type, text)).as(text).isEqualTo(value);
    }

    /** An approver is its text, also alone where a type asks for one of a policy. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void anApproverIsReadBackEqual(@ForAll("approvers") Approver approver) {
        Approval approval = new Approval(approver, Instant.EPOCH);
        RouteEvent event = new RouteEvent.RouteApproved(Origin.time(), new NodeId(1), KnownRanges.EXIT_IPV4, approval);

        assertThat(RoutingJson.write(event)).contains("\"by\":");
        assertReadBack(RouteEvent.class, event);
        if (approver instanceof Approver.AutoApprover ofPolicy) {
            assertReadBack(
                    RouteEvent.class,
                    new RouteEvent.ApprovalPending(
                            Origin.time(),
                            new NodeId(1),
                            KnownRanges.EXIT_IPV4,
                            new Verdict.ApprovedByPolicy(ofPolicy)));
        }
    }

    @Provide
    static Arbitrary<Approver> approvers() {
        Arbitrary<String> names = Arbitraries.strings()
                .withChars("aB9 .:@/\"\\{}é漢🙂-")
                .ofMinLength(1)
                .ofMaxLength(40)
                .filter(text -> NameRules.flaw(text, NameRules.LONGEST_KEY).isEmpty());
        Arbitrary<Selector> selectors = PolicyArbitraries.approverSelectors();
        return Arbitraries.oneOf(
                names.map(name -> new Approver.Administrator(new Actor(name))),
                names.map(Approver.Import::new),
                selectors.map(Approver.ExitNodeApprover::new),
                Combinators.combine(RoutingArbitraries.prefixes(), selectors).as(Approver.RouteApprover::new));
    }

    /** The text of a policy is kept as it was written, and so is what it means. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aPolicyIsReadBackWithItsText(@ForAll("policies") RoutingPolicy policy) {
        Command command = new Command.SetPolicy(policy);
        Command read = RoutingJson.read(Command.class, RoutingJson.write(command));
        assertThat(((Command.SetPolicy) read).policy().text()).isEqualTo(policy.text());
    }

    @Provide
    static Arbitrary<RoutingPolicy> policies() {
        return RoutingArbitraries.policies();
    }
}
