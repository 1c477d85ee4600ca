package dev.wayleave.examples.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The times of a silence, where the server was slow to notice it. */
class SilenceCauseTest {

    private static final Instant HEARD = Instant.parse("2026-11-25T19:00:00Z");

    private static StoredEvent stored(int revision, int ordinal, Duration after, RouteEvent event) {
        return StoredEvent.of(new EventPosition(new Revision(revision), ordinal), HEARD.plus(after), event);
    }

    @Test
    void aSilenceThatIsNoticedLateIsAsLongAsItCounts() {
        NodeId dead = new NodeId(1);
        NodeId standby = new NodeId(2);
        Duration grace = Duration.ofSeconds(15);
        Instant until = HEARD.plusSeconds(40);
        Duration end = Duration.ofMillis(42_300);
        Causes causes = new Causes();
        causes.of(
                stored(
                        1,
                        0,
                        Duration.ofMillis(27_700),
                        new RouteEvent.NodeInGrace(
                                Origin.time(), dead, until, new Reason.SessionSilent(new SessionId("s"), HEARD))),
                Names.NUMBERS,
                grace);
        causes.of(
                stored(2, 0, end, new RouteEvent.NodeOffline(Origin.time(), dead, new Reason.GraceOver(until))),
                Names.NUMBERS,
                grace);

        assertThat(causes.of(
                        stored(
                                2,
                                1,
                                end,
                                new RouteEvent.PrimaryMoved(
                                        Origin.time(),
                                        Prefix.parse("10.20.0.0/16"),
                                        dead,
                                        standby,
                                        new Outcome.Elected(standby, new Win.OnlyCandidate(), List.of()))),
                        Names.NUMBERS,
                        grace))
                .hasValueSatisfying(text -> assertThat(text)
                        .containsSubsequence(
                                "node 1",
                                "heard at 2026-11-25T19:00:00Z",
                                "silent for 25 s",
                                "grace of 15 s",
                                "2026-11-25T19:00:40Z"));
    }
}
