package dev.wayleave.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason that the library can give has its English sentence. */
class ReasonsTest {

    private static final Prefix KEY = Prefix.parse("10.0.0.0/8");
    private static final Actor EVE = new Actor("eve");
    private static final Selector ROUTER = new Selector.Tagged(new Tag("tag:router"));
    private static final Approval BY_EVE = new Approval(new Approver.Administrator(EVE), Instant.EPOCH);
    private static final NodeId LOSER = new NodeId(2);
    private static final NodeId WINNER = new NodeId(1);

    private final Reasons reasons = new Reasons(id -> "node-" + id);

    static Stream<Verdict> verdicts() {
        return Stream.of(
                new Verdict.AlreadyApproved(BY_EVE),
                new Verdict.AlreadyApproved(new Approval(new Approver.Import("headscale"), Instant.EPOCH)),
                new Verdict.Denied(new Denial(EVE, Instant.EPOCH)),
                new Verdict.Withdrawn(BY_EVE),
                new Verdict.ApprovedByPolicy(new Approver.RouteApprover(KEY, ROUTER)),
                new Verdict.ApprovedByPolicy(new Approver.ExitNodeApprover(ROUTER)),
                new Verdict.NoKeyCovers(),
                new Verdict.NoApproverNamesNode(List.of(KEY)),
                new Verdict.NoExitNodeApprover(),
                new Verdict.NoExitNodeApproverNamesNode(List.of(ROUTER)));
    }

    static Stream<Win> wins() {
        return Stream.of(new Win.Stays(), new Win.OnlyCandidate(), new Win.GoesFirst(), new Win.FailsBack(LOSER));
    }

    static Stream<Loss> losses() {
        return Stream.of(
                new Loss.InGrace(LOSER, WINNER),
                new Loss.WorseClass(LOSER, CandidateClass.KEY_EXPIRED, WINNER, CandidateClass.HEALTHY),
                new Loss.IncumbentStays(LOSER, WINNER),
                new Loss.NotYetStable(LOSER, WINNER, Instant.EPOCH),
                new Loss.LowerPriority(LOSER, 1, WINNER, 7),
                new Loss.RegisteredLater(LOSER, Instant.MAX, WINNER, Instant.EPOCH),
                new Loss.HigherId(LOSER, WINNER));
    }

    static Stream<RouteAnswer> answers() {
        RuleId rule = new RuleId(RuleId.Section.GRANTS, 0);
        Stream<RouteAnswer> given = Stream.of(
                        new RouteAnswer.Admitted(rule),
                        new RouteAnswer.PublicDestination(rule, KEY),
                        new RouteAnswer.ReturnPath(rule),
                        new RouteAnswer.SharedPrefix())
                .map(why -> new RouteAnswer.Given(WINNER, KEY, why));
        Stream<RouteAnswer> withheld = Stream.of(
                        new Withheld.NotEffective(),
                        new Withheld.OwnRoute(),
                        new Withheld.NotAdmitted(),
                        new Withheld.SteeredElsewhere(rule, Optional.of(WINNER)),
                        new Withheld.SteeredElsewhere(rule, Optional.empty()),
                        new Withheld.SteeredNowhere(rule, new TreeSet<>(Set.of(new Tag("tag:none")))),
                        new Withheld.SteeringLifted(rule, rule, WINNER),
                        new Withheld.NotCarrier(WINNER, Withheld.Precedence.PRIMARY),
                        new Withheld.NotCarrier(WINNER, Withheld.Precedence.FIRST_ADMITTED),
                        new Withheld.Unserved())
                .map(reason -> new Withheld(LOSER, KEY, reason));
        return Stream.concat(given, withheld);
    }

    private static Object reason(RouteAnswer answer) {
        return answer instanceof RouteAnswer.Given given
                ? given.why()
                : answer.withheld().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void everyAnswerHasASentence(RouteAnswer answer) {
        RoutingPolicy policy =
                PolicyReader.read("{\"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"ip\": [\"tcp:80\"]}]}");
        ViewReasons viewReasons = new ViewReasons(id -> "node-" + id, new RuleNames(policy), "viewer");
        assertThat(viewReasons.of(answer))
                .isNotBlank()
                .doesNotContain(reason(answer).getClass().getSimpleName() + "[");
    }

    @Test
    void noneIsForgotten() {
        assertThat(answers().map(ReasonsTest::reason).<Class<?>>map(Object::getClass))
                .containsAll(Arrays.asList(RouteAnswer.Why.class.getPermittedSubclasses()))
                .containsAll(Arrays.asList(Withheld.Reason.class.getPermittedSubclasses()));
        assertThat(verdicts().<Class<?>>map(Object::getClass))
                .containsAll(Arrays.asList(Verdict.class.getPermittedSubclasses()));
        assertThat(wins().<Class<?>>map(Object::getClass))
                .containsAll(Arrays.asList(Win.class.getPermittedSubclasses()));
        assertThat(losses().<Class<?>>map(Object::getClass))
                .containsAll(Arrays.asList(Loss.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void everyVerdictHasASentence(Verdict verdict) {
        assertThat(reasons.of(verdict)).doesNotContain("[", verdict.getClass().getSimpleName());
    }

    @ParameterizedTest
    @MethodSource("wins")
    void everyWinHasASentence(Win win) {
        assertThat(reasons.of(win)).doesNotContain("[", win.getClass().getSimpleName());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyLossHasASentenceThatNamesTheWinner(Loss loss) {
        assertThat(reasons.of(loss))
                .contains("node-1")
                .doesNotContain("[", loss.getClass().getSimpleName());
    }

    @Test
    void aDenialNamesWhoDenied() {
        assertThat(reasons.of(new Verdict.Denied(new Denial(EVE, Instant.EPOCH))))
                .isEqualTo("eve denied it, and only an administrator's approval lifts that");
    }
}
