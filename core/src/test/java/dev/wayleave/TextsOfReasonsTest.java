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
import dev.wayleave.testing.TextRules;
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

/** Every reason prints its own facts. The words may change: no test compares whole sentences. */
class TextsOfReasonsTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final NodeId A = new NodeId(1);
    private static final NodeId B = new NodeId(2);
    private static final Selector ROUTER = new Selector.Tagged(new Tag("tag:router"));

    private static final Names NAMES = Names.NUMBERS;

    /** A value of a kind, and the facts that its text has in this order: the words around them may change. */
    private record Sample(Object value, String... facts) {

        @Override
        public String toString() {
            return value.toString();
        }
    }

    private static Sample sample(Object value, String... facts) {
        return new Sample(value, facts);
    }

    static Stream<Sample> verdicts() {
        Approver.RouteApprover byKey = new Approver.RouteApprover(NET, ROUTER);
        Approval byAda = new Approval(new Approver.Administrator(new Actor("ada")), AT);
        return Stream.of(
                sample(new Verdict.AlreadyApproved(byAda), "`ada`", "" + AT),
                sample(
                        new Verdict.AlreadyApproved(new Approval(byKey, AT)),
                        "policy",
                        "`10.0.0.0/8`",
                        "`tag:router`",
                        "" + AT),
                sample(
                        new Verdict.AlreadyApproved(new Approval(new Approver.ExitNodeApprover(ROUTER), AT)),
                        "policy",
                        "`exitNode`",
                        "`tag:router`",
                        "" + AT),
                sample(
                        new Verdict.AlreadyApproved(new Approval(new Approver.Import("elsewhere"), AT)),
                        "import",
                        "`elsewhere`",
                        "" + AT),
                sample(new Verdict.Denied(new Denial(new Actor("ada"), AT)), "denied", "`ada`", "" + AT),
                sample(new Verdict.Withdrawn(byAda), "advertis", "`ada`", "" + AT),
                sample(new Verdict.ApprovedByPolicy(byKey), "policy", "`10.0.0.0/8`", "`tag:router`"),
                sample(new Verdict.NoKeyCovers(), "no key", "`autoApprovers.routes`"),
                sample(
                        new Verdict.NoApproverNamesNode(List.of(NET)),
                        "no approver",
                        "`10.0.0.0/8`",
                        "`autoApprovers.routes`"),
                sample(new Verdict.NoExitNodeApprover(), "`autoApprovers`", "no `exitNode`"),
                sample(
                        new Verdict.NoExitNodeApproverNamesNode(List.of(ROUTER, Selector.Autogroup.MEMBER)),
                        "none of",
                        "`tag:router`",
                        "`autogroup:member`",
                        "`autoApprovers.exitNode`"),
                sample(
                        new Verdict.NoExitNodeApproverNamesNode(List.of(ROUTER)),
                        "`tag:router`",
                        "`autoApprovers.exitNode`",
                        "not"));
    }

    static Stream<Sample> losses() {
        return Stream.of(
                sample(new Loss.InGrace(B, A), "grace"),
                sample(
                        new Loss.WorseClass(B, CandidateClass.KEY_EXPIRED, A, CandidateClass.HEALTHY),
                        "expired key",
                        "node 1",
                        "healthy"),
                sample(new Loss.IncumbentStays(B, A), "node 1", "before"),
                sample(new Loss.NotYetStable(B, A, AT), "until " + AT),
                sample(new Loss.LowerPriority(B, 1, A, 2), "priority 1", "node 1", "2"),
                sample(
                        new Loss.RegisteredLater(B, AT.plusSeconds(1), A, AT),
                        "registered",
                        "" + AT.plusSeconds(1),
                        "node 1",
                        "" + AT),
                sample(
                        new Loss.RegisteredLater(B, AT.plusNanos(2_123_456), A, AT.plusNanos(1_123_456)),
                        " 2026-01-01T00:00:00.002Z",
                        " 2026-01-01T00:00:00.001Z"),
                sample(
                        new Loss.RegisteredLater(B, AT.plusNanos(456), A, AT.plusNanos(123)),
                        " 2026-01-01T00:00:00.000000456Z",
                        " 2026-01-01T00:00:00.000000123Z"),
                sample(new Loss.HigherId(B, A), "node 1", "lower number"));
    }

    static Stream<Sample> wins() {
        return Stream.of(
                sample(new Win.Stays(), "before"),
                sample(new Win.OnlyCandidate(), "only"),
                sample(new Win.GoesFirst(Win.Criterion.GRACE), "grace"),
                sample(new Win.GoesFirst(Win.Criterion.CANDIDATE_CLASS), "class is better"),
                sample(new Win.GoesFirst(Win.Criterion.PRIORITY), "higher priority"),
                sample(new Win.GoesFirst(Win.Criterion.REGISTRATION), "registered earlier"),
                sample(new Win.GoesFirst(Win.Criterion.NUMBER), "lower number"),
                sample(new Win.FailsBack(B), "back", "node 2"));
    }

    static Stream<Sample> reasons() {
        Approval byAda = new Approval(new Approver.Administrator(new Actor("ada")), AT);
        return Stream.of(
                sample(new Reason.Reported(), "reported"),
                sample(new Reason.Unknown(), "does not know"),
                sample(new Reason.ByApproval(byAda), "`ada`", "" + AT),
                sample(new Reason.ByDenial(new Denial(new Actor("ada"), AT)), "`ada`"),
                sample(
                        new Reason.NotApproved(new Verdict.NoExitNodeApprover()),
                        new Verdict.NoExitNodeApprover().text(NAMES)),
                sample(
                        new Reason.NotApproved(new Verdict.Denied(new Denial(new Actor("ada"), AT))),
                        "denied",
                        "`ada`",
                        "" + AT),
                sample(new Reason.Revoked(new Actor("ben")), "`ben`"),
                sample(new Reason.NoLongerAdvertised(), "no longer advertises"),
                sample(
                        new Reason.ByElection(new Outcome.Elected(A, new Win.OnlyCandidate(), List.of())),
                        "node 1",
                        "only"),
                sample(new Reason.ByElection(new Outcome.Unserved()), "no candidate"),
                sample(new Reason.SessionUp(new SessionId("s")), "opened"),
                sample(new Reason.SessionDown(new SessionId("s")), "session", "ended"),
                sample(new Reason.SessionSilent(new SessionId("s"), AT), "silent", "" + AT),
                sample(new Reason.HolderGone(new SessionHolder("start 7")), "process", "gone"),
                sample(new Reason.GraceOver(AT), "grace", "ended", "" + AT),
                sample(new Reason.Idle(AT), "ephemeral", "no session", "" + AT),
                sample(new Reason.NameChanged("a", "b"), "`a` before", "`b` now"),
                sample(
                        new Reason.OwnerChanged(Owner.user(new UserId("7")), Owner.tags("tag:x")),
                        "user `7` before",
                        "`tag:x` now"),
                sample(new Reason.KeyChanged(), "host key"),
                sample(
                        new Reason.UsersChanged(
                                new TreeSet<>(Set.of(new UserId("3"))),
                                new TreeSet<>(Set.of(new UserId("1"))),
                                new TreeSet<>(Set.of(new UserId("2")))),
                        "added: `3`",
                        "changed: `1`",
                        "removed: `2`"),
                sample(new Reason.DeadlinePassed(AT), "to end", "" + AT),
                sample(new Reason.ClockSet(Duration.ofMillis(-3_600_500)), "clock", "-3600.5 s"));
    }

    private static String text(Object value) {
        if (value instanceof Verdict verdict) {
            return verdict.text(NAMES);
        }
        if (value instanceof Loss loss) {
            return loss.text(NAMES);
        }
        return value instanceof Win win ? win.text(NAMES) : ((Reason) value).text(NAMES);
    }

    static Stream<Sample> samples() {
        return Stream.of(verdicts(), losses(), wins(), reasons()).flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aTextHasTheFactsOfItsReason(Sample sample) {
        assertThat(text(sample.value())).satisfies(TextRules::assertReadable).containsSubsequence(sample.facts());
    }

    @ParameterizedTest
    @MethodSource("families")
    void noTwoReasonsPrintAlike(Class<?> family, Stream<Sample> samples) {
        assertThat(samples.map(sample -> text(sample.value()))).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aLossNamesOnlyTheWinner(Sample loss) {
        assertThat(text(loss.value())).doesNotContain("node 2");
    }

    @ParameterizedTest
    @MethodSource("wins")
    void anElectionNamesThePrimaryBeforeItsReason(Sample win) {
        assertThat(new Outcome.Elected(A, (Win) win.value(), List.of()).text(NAMES))
                .satisfies(TextRules::assertReadable)
                .startsWith("node 1")
                .containsSubsequence(win.facts());
    }

    @Test
    void anElectionWithoutCandidatesNamesThePrimaryThatIsKept() {
        assertThat(new Outcome.Kept(A).text(NAMES))
                .satisfies(TextRules::assertReadable)
                .contains("node 1", "kept");
        assertThat(new Outcome.Unserved().text(NAMES))
                .satisfies(TextRules::assertReadable)
                .doesNotContain("node", "kept");
    }

    @Test
    void ofAKeptPrefixOnlyTheLastPrimaryIsSaidToHaveIt() {
        Outcome kept = new Outcome.Kept(A);

        assertThat(kept.text(NAMES, A)).contains("last primary");
        assertThat(kept.text(NAMES, B)).contains("offline").doesNotContain("primary");
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

        assertThat(new RuleId(RuleId.Section.GRANTS, 0).text(names))
                .containsSubsequence("grants[0]", "line 3", "*", "web")
                .doesNotContain("tcp", "ann@");
        assertThat(new RuleId(RuleId.Section.GRANTS, 1).text(names))
                .containsSubsequence("grants[1]", "line 4", "ann@", "web", "10.1.0.0/16", "tcp:80", "tcp:443");
        assertThat(new RuleId(RuleId.Section.ACLS, 0).text(names))
                .containsSubsequence("acls[0]", "line 5", "a@", "b@", "c@", "d@", "1 more", "web:53", "udp")
                .doesNotContain("e@");
        assertThat(RuleId.DEFAULT.text(names))
                .satisfies(TextRules::assertReadable)
                .doesNotContain("[", "line");
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
    void everyKindIsTested(Class<?> family, Stream<Sample> samples) {
        assertThat(samples.<Class<?>>map(sample -> sample.value().getClass()).collect(Collectors.toSet()))
                .isEqualTo(Set.of(family.getPermittedSubclasses()));
    }

    @Test
    void everyCriterionOfTheOrderIsTested() {
        assertThat(wins().map(Sample::value))
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
    void anAnswerOfAViewIsReadable(RouteAnswer answer) {
        assertThat(answer.text(NAMES, B))
                .satisfies(TextRules::assertReadable)
                .doesNotContain(reason(answer).getClass().getSimpleName());
    }

    @Test
    void noTwoAnswersOfAViewPrintAlike() {
        assertThat(answers().map(answer -> answer.text(NAMES, B))).doesNotHaveDuplicates();
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

        assertThat(new Approver.RouteApprover(NET, ROUTER).text(state.names()))
                .containsSubsequence("`tag:router`", "line 2");
        assertThat(new Approver.ExitNodeApprover(ROUTER).text(state.names()))
                .containsSubsequence("`tag:router`", "line 3");
        assertThat(new Approver.ExitNodeApprover(Selector.Autogroup.MEMBER).text(state.names()))
                .contains("`autogroup:member`")
                .doesNotContain("line");
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
    void textsWithoutTimesHaveNoTimeOfAnApprovalOrARegistration() {
        Names names = NAMES.withoutTimes();

        assertThat(new Approval(new Approver.Import("x"), AT).text(names))
                .contains("`x`")
                .doesNotContain("2026", "import");
        assertThat(new Loss.RegisteredLater(B, AT.plusSeconds(1), A, AT).text(names))
                .containsSubsequence("node 1", "registered earlier")
                .doesNotContain("2026");
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
                SubmissionResult.class,
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
                        .satisfies(TextRules::assertReadable)
                        .doesNotContain(value.getClass().getSimpleName());
            }
        }
    }

    @Test
    void aPrefixThatMovedIsPrintedWithBothNodesAndTheReasonOfEither() {
        Outcome outcome =
                new Outcome.Elected(B, new Win.GoesFirst(Win.Criterion.GRACE), List.of(new Loss.InGrace(A, B)));

        assertThat(new RouteEvent.PrimaryMoved(Origin.time(), NET, A, B, outcome).text(NAMES))
                .satisfies(TextRules::assertReadable)
                .containsSubsequence("10.0.0.0/8", "node 1", "node 2", "node 2", "grace", "node 1", "grace");
    }

    @Test
    void aHostThatHasNoNameForANodeIsRefusedAndNoTextSaysNull() {
        Names names = Names.of(node -> null);

        assertThatThrownBy(() -> new Loss.HigherId(B, A).text(names))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("names");
    }
}
