package dev.wayleave.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.TextRules;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The loss of a session is printed with its times and with the grace that follows it. */
class LossTextTest {

    private static final NodeId NODE = new NodeId(1);
    private static final Instant HEARD = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant LOST = HEARD.plusSeconds(25);
    private static final Instant UNTIL = LOST.plusSeconds(15);

    static Arguments[] losses() {
        return new Arguments[] {
            Arguments.of(
                    new Reason.SessionSilent(new SessionId("s"), HEARD),
                    List.of("node 1", "heard at 2026-01-01T10:00:00Z", "25 s"),
                    List.of("ended", "process")),
            Arguments.of(
                    new Reason.SessionDown(new SessionId("s")),
                    List.of("session of node 1", "ended at 2026-01-01T10:00:25Z"),
                    List.of("heard", "process")),
            Arguments.of(
                    new Reason.HolderGone(new SessionHolder("start 7")),
                    List.of("node 1", "2026-01-01T10:00:25Z", "process"),
                    List.of("heard", "ended"))
        };
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theLossOfASessionIsPrintedWithItsTimesAndTheGrace(Reason reason, List<String> facts, List<String> absent) {
        assertThat(new RouteEvent.NodeInGrace(Origin.time(), NODE, UNTIL, reason).lossText(Names.NUMBERS, LOST))
                .satisfies(TextRules::assertReadable)
                .containsSubsequence(facts)
                .containsSubsequence("grace", "15 s", "2026-01-01T10:00:40Z")
                .doesNotContain(absent);
    }

    @ParameterizedTest
    @CsvSource({"UNHEALTHY, unhealthy", "DRAINING, drain", "KEY_EXPIRED, expired key"})
    void thePrimaryThatIsLessFitIsNamedWithItsClass(CandidateClass itsClass, String fact) {
        NodeId winner = new NodeId(2);
        Loss worse = new Loss.WorseClass(NODE, itsClass, winner, CandidateClass.HEALTHY);
        assertThat(moved(winner, worse).lossText(Names.NUMBERS))
                .hasValueSatisfying(text -> assertThat(text)
                        .satisfies(TextRules::assertReadable)
                        .containsSubsequence("node 1", fact)
                        .doesNotContain("node 2"));
        assertThat(moved(winner).lossText(Names.NUMBERS)).isEmpty();
        assertThat(moved(winner, new Loss.HigherId(NODE, winner)).lossText(Names.NUMBERS))
                .isEmpty();
    }

    private static RouteEvent.PrimaryMoved moved(NodeId winner, Loss... losers) {
        Outcome outcome =
                new Outcome.Elected(winner, new Win.GoesFirst(Win.Criterion.CANDIDATE_CLASS), List.of(losers));
        return new RouteEvent.PrimaryMoved(Origin.time(), Prefix.parse("10.0.0.0/8"), NODE, winner, outcome);
    }
}
