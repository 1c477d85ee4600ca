package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.foresight.LossCause;
import dev.wayleave.foresight.RouteRisk;
import dev.wayleave.foresight.RuleFate;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.TagVerdict;
import dev.wayleave.row.RowContradiction;
import dev.wayleave.testing.Kinds;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason has words of its own. */
class TextsOfReasonsTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final Selector ROUTER = new Selector.Tagged(new Tag("tag:router"));

    private static final Names NAMES = Names.NUMBERS;

    static Stream<Arguments> verdicts() {
        Approver.RouteApprover byKey = new Approver.RouteApprover(NET, ROUTER);
        return Stream.of(
                Arguments.of(
                        new Verdict.AlreadyApproved(new Approval(new Approver.Administrator(new Actor("ada")), AT)),
                        "by `ada` at 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Verdict.AlreadyApproved(new Approval(byKey, AT)),
                        "by the policy: key `10.0.0.0/8`, approver `tag:router` at 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Verdict.AlreadyApproved(new Approval(new Approver.ExitNodeApprover(ROUTER), AT)),
                        "by the policy: `exitNode`, approver `tag:router` at 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Verdict.AlreadyApproved(new Approval(new Approver.Import("elsewhere"), AT)),
                        "by an import from `elsewhere` at 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Verdict.Denied(new Denial(new Actor("ada"), AT)),
                        "denied by `ada` at 2026-01-01T00:00:00Z; only an administrator's approval lifts that"),
                Arguments.of(
                        new Verdict.Withdrawn(new Approval(new Approver.Administrator(new Actor("ada")), AT)),
                        "its approval ended when the node stopped advertising it; it was approved by `ada` at "
                                + "2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Verdict.ApprovedByPolicy(byKey), "by the policy: key `10.0.0.0/8`, approver `tag:router`"),
                Arguments.of(
                        new Verdict.NoKeyCovers(),
                        "no key of `autoApprovers.routes` covers it, and no administrator approved it"),
                Arguments.of(
                        new Verdict.NoApproverNamesNode(List.of(NET)),
                        "no approver under `10.0.0.0/8` in `autoApprovers.routes` names this node"),
                Arguments.of(
                        new Verdict.NoExitNodeApprover(),
                        "`autoApprovers` has no `exitNode`, and no administrator approved it"),
                Arguments.of(
                        new Verdict.NoExitNodeApproverNamesNode(List.of(ROUTER, Selector.Autogroup.MEMBER)),
                        "none of `tag:router`, `autogroup:member` in `autoApprovers.exitNode` names this node"),
                Arguments.of(
                        new Verdict.NoExitNodeApproverNamesNode(List.of(ROUTER)),
                        "`tag:router` in `autoApprovers.exitNode` does not name this node"));
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void everyVerdictHasItsWords(Verdict verdict, String words) {
        assertThat(verdict.text(NAMES)).isEqualTo(words);
    }

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of(new Loss.InGrace(B, A), "in its grace, gets nothing new"),
                Arguments.of(
                        new Loss.WorseClass(B, CandidateClass.KEY_EXPIRED, A, CandidateClass.HEALTHY),
                        "it has an expired key, while node 1 is healthy"),
                Arguments.of(new Loss.IncumbentStays(B, A), "node 1 had it before"),
                Arguments.of(new Loss.NotYetStable(B, A, AT), "waits until 2026-01-01T00:00:00Z to take it back"),
                Arguments.of(new Loss.LowerPriority(B, 1, A, 2), "priority 1, node 1 has 2"),
                Arguments.of(
                        new Loss.RegisteredLater(B, AT.plusSeconds(1), A, AT),
                        "registered at 2026-01-01T00:00:01Z, node 1 at 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Loss.RegisteredLater(B, AT.plusNanos(2_123_456), A, AT.plusNanos(1_123_456)),
                        "registered at 2026-01-01T00:00:00.002Z, node 1 at 2026-01-01T00:00:00.001Z"),
                Arguments.of(
                        new Loss.RegisteredLater(B, AT.plusNanos(456), A, AT.plusNanos(123)),
                        "registered at 2026-01-01T00:00:00.000000456Z, node 1 at 2026-01-01T00:00:00.000000123Z"),
                Arguments.of(new Loss.HigherId(B, A), "node 1 has the lower number"));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyLossHasItsWords(Loss loss, String words) {
        assertThat(loss.text(NAMES)).isEqualTo(words);
    }

    static Stream<Arguments> wins() {
        return Stream.of(
                Arguments.of(new Win.Stays(), "had it before and nothing moved it"),
                Arguments.of(new Win.OnlyCandidate(), "is the only candidate"),
                Arguments.of(
                        new Win.GoesFirst(Win.Criterion.GRACE),
                        "goes before the other candidates: they are in their grace"),
                Arguments.of(
                        new Win.GoesFirst(Win.Criterion.CANDIDATE_CLASS),
                        "goes before the other candidates: its candidate class is better"),
                Arguments.of(
                        new Win.GoesFirst(Win.Criterion.PRIORITY),
                        "goes before the other candidates: it has a higher priority"),
                Arguments.of(
                        new Win.GoesFirst(Win.Criterion.REGISTRATION),
                        "goes before the other candidates: it registered earlier"),
                Arguments.of(
                        new Win.GoesFirst(Win.Criterion.NUMBER),
                        "goes before the other candidates: it has the lower number"),
                Arguments.of(new Win.FailsBack(B), "takes it back from node 2"));
    }

    @ParameterizedTest
    @MethodSource("wins")
    void everyWinHasItsWords(Win win, String words) {
        assertThat(win.text(NAMES)).isEqualTo(words);
        assertThat(new Outcome.Elected(A, win, List.of()).text(NAMES))
                .isEqualTo("node 1, " + words.replace("is the", "the"));
    }

    @Test
    void anElectionWithoutCandidatesHasWords() {
        assertThat(new Outcome.Kept(A).text(NAMES)).isEqualTo("node 1 is kept, though no candidate is left");
        assertThat(new Outcome.Unserved().text(NAMES)).isEqualTo("no candidate is left");
    }

    @Test
    void ofAKeptPrefixOnlyTheLastPrimaryIsSaidToHaveIt() {
        Outcome kept = new Outcome.Kept(A);

        assertThat(kept.text(NAMES, A)).isEqualTo("no candidate is left, and it was the last primary");
        assertThat(kept.text(NAMES, B)).isEqualTo("it is offline, and therefore no candidate");
    }

    @Test
    void aRuleIsNamedWithItsLineAndWhatItSays() {
        RoutingState state = Scenario.begin().user("ann").policy("""
                {"hosts": {"web": "10.0.0.80"},
                 "grants": [
                   {"src": ["*"], "dst": ["web"], "ip": ["*"]},
                   {"src": ["ann@"], "dst": ["web", "10.1.0.0/16"], "ip": ["tcp:80", "tcp:443"]}],
                 "acls": [{"action": "accept", "proto": "udp", "src": ["a@", "b@", "c@", "d@", "e@"], \
                "dst": ["web:53"]}]}""").state();
        Names names = state.names();

        assertThat(new RuleId(RuleId.Section.GRANTS, 0).text(names)).isEqualTo("grants[0], line 3 (* → web)");
        assertThat(new RuleId(RuleId.Section.GRANTS, 1).text(names))
                .isEqualTo("grants[1], line 4 (ann@ → web, 10.1.0.0/16 tcp:80, tcp:443)");
        assertThat(new RuleId(RuleId.Section.ACLS, 0).text(names))
                .isEqualTo("acls[0], line 5 (a@, b@, c@, d@ and 1 more → web:53 udp)");
        assertThat(RuleId.DEFAULT.text(names)).isEqualTo("a policy without rules");
    }

    static Stream<Arguments> reasons() {
        Approval byAda = new Approval(new Approver.Administrator(new Actor("ada")), AT);
        return Stream.of(
                Arguments.of(new Reason.Reported(), "it was reported"),
                Arguments.of(new Reason.Unknown(), "this version does not know the reason"),
                Arguments.of(new Reason.ByApproval(byAda), "by `ada` at 2026-01-01T00:00:00Z"),
                Arguments.of(new Reason.ByDenial(new Denial(new Actor("ada"), AT)), "by `ada`"),
                Arguments.of(
                        new Reason.NotApproved(new Verdict.NoExitNodeApprover()),
                        "`autoApprovers` has no `exitNode`, and no administrator approved it"),
                Arguments.of(
                        new Reason.NotApproved(new Verdict.Denied(new Denial(new Actor("ada"), AT))),
                        "denied by `ada` at 2026-01-01T00:00:00Z; only an administrator's approval lifts that"),
                Arguments.of(new Reason.TakenAway(new Actor("ada")), "by `ada`"),
                Arguments.of(new Reason.NoLongerAdvertised(), "the node no longer advertises it"),
                Arguments.of(
                        new Reason.ByElection(new Outcome.Elected(A, new Win.OnlyCandidate(), List.of())),
                        "node 1, the only candidate"),
                Arguments.of(new Reason.ByElection(new Outcome.Unserved()), "no candidate is left"),
                Arguments.of(new Reason.SessionUp(new SessionId("s")), "it opened a session"),
                Arguments.of(new Reason.SessionDown(new SessionId("s")), "its session ended"),
                Arguments.of(
                        new Reason.SessionSilent(new SessionId("s"), AT),
                        "its session fell silent: nothing was heard since 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Reason.HolderGone(new SessionHolder("start 7")),
                        "the process that had its session is gone"),
                Arguments.of(new Reason.GraceOver(AT), "its grace ended at 2026-01-01T00:00:00Z"),
                Arguments.of(new Reason.Idle(AT), "it is ephemeral, and had no session since 2026-01-01T00:00:00Z"),
                Arguments.of(new Reason.NameChanged("a", "b"), "it was called `a` before, and is called `b` now"),
                Arguments.of(
                        new Reason.OwnerChanged(Owner.user(new UserId("7")), Owner.tags("tag:x")),
                        "it belonged to user `7` before, and belongs to `tag:x` now"),
                Arguments.of(new Reason.KeyChanged(), "it has another host key"),
                Arguments.of(
                        new Reason.UsersChanged(
                                new TreeSet<>(Set.of(new UserId("3"))), new TreeSet<>(), new TreeSet<>()),
                        "added: `3`"),
                Arguments.of(new Reason.DeadlinePassed(AT), "it was to end at 2026-01-01T00:00:00Z"),
                Arguments.of(
                        new Reason.ClockSet(Duration.ofMillis(-3_600_500)),
                        "the host's clock was stepped by -3600.5 s; every running timer moved along"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void theReasonOfAnEventHasWords(Reason reason, String words) {
        assertThat(reason.text(NAMES)).isEqualTo(words);
    }

    static Stream<Arguments> families() {
        return Stream.of(
                Arguments.of(Verdict.class, verdicts()),
                Arguments.of(Loss.class, losses()),
                Arguments.of(Win.class, wins()),
                Arguments.of(Reason.class, reasons()));
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyKindIsTested(Class<?> family, Stream<Arguments> texts) {
        assertThat(texts.<Class<?>>map(text -> text.get()[0].getClass()).collect(Collectors.toSet()))
                .isEqualTo(Set.of(family.getPermittedSubclasses()));
    }

    @Test
    void everyCriterionOfTheOrderIsTested() {
        assertThat(wins().map(text -> text.get()[0]))
                .containsAll(Stream.of(Win.Criterion.values())
                        .map(Win.GoesFirst::new)
                        .toList());
    }

    static Stream<RouteAnswer> answers() {
        RuleId rule = new RuleId(RuleId.Section.GRANTS, 0);
        Stream<RouteAnswer> given = Stream.of(
                        new RouteAnswer.Admitted(rule),
                        new RouteAnswer.PublicDestination(rule, Prefix.parse("9.9.9.9/32")),
                        new RouteAnswer.ReturnPath(rule),
                        new RouteAnswer.SharedPrefix())
                .map(why -> new RouteAnswer.Given(A, NET, why));
        Stream<RouteAnswer> withheld = Stream.of(
                        new Withheld.NotEffective(),
                        new Withheld.OwnRoute(),
                        new Withheld.NotAdmitted(),
                        new Withheld.ViaOtherRouter(rule, A),
                        new Withheld.ViaOtherRouter(rule, null),
                        new Withheld.ViaNoRouter(rule, new TreeSet<>(Set.of(new Tag("tag:x")))),
                        new Withheld.ViaOverridden(rule, rule, A),
                        new Withheld.NotCarrier(A, Withheld.Precedence.PRIMARY),
                        new Withheld.NotCarrier(A, Withheld.Precedence.FIRST_ADMITTED),
                        new Withheld.Unserved())
                .map(reason -> new Withheld(B, NET, reason));
        return Stream.concat(given, withheld);
    }

    private static Object reason(RouteAnswer answer) {
        return answer instanceof RouteAnswer.Given given
                ? given.reason()
                : answer.withheld().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void everyAnswerOfAViewHasWords(RouteAnswer answer) {
        assertThat(answer.text(NAMES, B))
                .isNotBlank()
                .doesNotContain(reason(answer).getClass().getSimpleName());
    }

    @Test
    void noReasonOfAViewIsForgotten() {
        assertThat(answers().map(TextsOfReasonsTest::reason).<Class<?>>map(Object::getClass))
                .containsAll(Arrays.asList(RouteAnswer.GivenReason.class.getPermittedSubclasses()))
                .containsAll(Arrays.asList(Withheld.Reason.class.getPermittedSubclasses()));
    }

    @Test
    void anApproverOfThePolicyIsNamedWithItsLine() {
        RoutingState state = Scenario.begin().policy("""
                {"tagOwners": {"tag:router": []},
                 "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]},
                                   "exitNode": ["tag:router"]}}""").state();

        assertThat(new Approver.RouteApprover(NET, ROUTER).text(state.names())).endsWith("`tag:router`, line 2");
        assertThat(new Approver.ExitNodeApprover(ROUTER).text(state.names())).endsWith("`tag:router`, line 3");
        assertThat(new Approver.ExitNodeApprover(Selector.Autogroup.MEMBER).text(state.names()))
                .endsWith("`autogroup:member`");
    }

    @Test
    void aNodeThatOnlyAnEarlierStateHasIsCalledByItsName() {
        Scenario scenario = Scenario.begin().register("gone");
        RoutingState earlier = scenario.state();
        NodeId gone = scenario.id("gone");
        RoutingState state = scenario.remove("gone").state();

        assertThat(state.names().node(gone)).isEqualTo("node " + gone);
        assertThat(state.names(earlier).node(gone)).isEqualTo("gone");
    }

    @Test
    void textsWithoutTimesSayNeitherWhenARouteWasApprovedNorWhenANodeRegistered() {
        Names names = NAMES.withoutTimes();

        assertThat(new Approval(new Approver.Import("x"), AT).text(names)).isEqualTo("in `x`");
        assertThat(new Loss.RegisteredLater(B, AT.plusSeconds(1), A, AT).text(names))
                .isEqualTo("node 1 registered earlier");
    }

    /** What the texts of kinds take beside the value: each takes some of them. */
    private static final Map<Class<?>, Object> CONTEXT = Map.of(
            Names.class,
            NAMES,
            NodeId.class,
            B,
            Users.class,
            Users.none(),
            Selector.class,
            ROUTER,
            TrafficQuestion.class,
            TrafficQuestion.of(A, NET, Protocol.TCP, 443));

    /** No text shows a record: a bracket after a word, an Optional, or the name of a class. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                Verdict.class,
                Approver.class,
                Outcome.class,
                Win.class,
                Loss.class,
                Reason.class,
                RouteEvent.class,
                RouteAnswer.class,
                Withheld.Reason.class,
                PeerChange.Loss.class,
                Hop.class,
                Obstacle.class,
                NearRule.Difference.class,
                Reachability.Note.class,
                RouteExplanation.Remedy.class,
                SubmissionResult.Remark.class,
                PolicyTestFailure.Fault.class,
                TagVerdict.class,
                LossCause.class,
                RuleFate.class,
                RouteRisk.class,
                RowContradiction.class
            })
    void everyKindPrintsItself(Class<?> family) throws ReflectiveOperationException {
        List<Method> texts = Arrays.stream(family.getMethods())
                .filter(method -> method.getName().equals("text"))
                .toList();
        assertThat(texts).isNotEmpty();
        for (Object value : Kinds.samples(family)) {
            for (Method text : texts) {
                Object[] context = Arrays.stream(text.getParameterTypes())
                        .map(CONTEXT::get)
                        .toArray();

                assertThat((String) text.invoke(value, context))
                        .isNotBlank()
                        .doesNotContain(value.getClass().getSimpleName())
                        .doesNotContainPattern("\\w\\[(?!\\d)|Optional|dev\\.wayleave");
            }
        }
    }

    @Test
    void aPrefixThatMovedIsPrintedWithBothNodesAndTheReasonOfEither() {
        Outcome outcome =
                new Outcome.Elected(B, new Win.GoesFirst(Win.Criterion.GRACE), List.of(new Loss.InGrace(A, B)));

        assertThat(new RouteEvent.PrimaryMoved(Origin.time(), NET, A, B, outcome).text(NAMES))
                .isEqualTo("10.0.0.0/8 moves from node 1 to node 2: node 2 goes before the other candidates: they are "
                        + "in their grace; node 1 lost: in its grace, gets nothing new");
    }

    @Test
    void aHostThatHasNoNameForANodeIsRefusedAndNoTextSaysNull() {
        Names names = Names.of(node -> null);

        assertThatThrownBy(() -> new Loss.HigherId(B, A).text(names))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("names");
    }
}
