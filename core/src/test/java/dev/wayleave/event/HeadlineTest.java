package dev.wayleave.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Kinds;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The headline of an event is its text without the reason, however nodes are named. */
class HeadlineTest {

    private static final Names PLAIN = Names.of(node -> "NODE");
    private static final Names WITH_COLON = Names.of(node -> "a: b");
    private static final NodeId NODE = new NodeId(1);

    static Stream<RouteEvent> events() {
        return Kinds.samples(RouteEvent.class).stream().map(RouteEvent.class::cast);
    }

    @ParameterizedTest
    @MethodSource("events")
    void theTextBeginsWithTheHeadline(RouteEvent event) {
        String rest =
                event.text(WITH_COLON).substring(event.headline(WITH_COLON).length());

        assertThat(event.text(WITH_COLON)).startsWith(event.headline(WITH_COLON));
        assertThat(rest).matches("(?s)|: .+");
        assertThat(rest).isIn("", ": " + event.reasonText(WITH_COLON));
    }

    @ParameterizedTest
    @MethodSource("events")
    void aColonInTheNameOfANodeEndsNoHeadline(RouteEvent event) {
        assertThat(event.headline(PLAIN)).doesNotContain(": ");
        assertThat(event.headline(WITH_COLON)).isEqualTo(event.headline(PLAIN).replace("NODE", "a: b"));
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventKnowsWhetherItsTextNamesItsActor(RouteEvent event) {
        boolean isNamed = event.actor()
                .filter(actor -> event.text(PLAIN).contains("by `" + actor + "`"))
                .isPresent();

        assertThat(event.namesActor()).isEqualTo(isNamed);
    }

    @Test
    void theHeadlineOfAMoveHasBothNodes() {
        NodeId to = new NodeId(2);
        Outcome outcome =
                new Outcome.Elected(to, new Win.GoesFirst(Win.Criterion.GRACE), List.of(new Loss.InGrace(NODE, to)));

        RouteEvent moved = new RouteEvent.PrimaryMoved(Origin.time(), Prefix.parse("10.0.0.0/8"), NODE, to, outcome);

        assertThat(moved.headline(WITH_COLON)).containsSubsequence("10.0.0.0/8", "a: b", "a: b");
    }

    @Test
    void aNewNameWithAColonIsInTheHeadline() {
        assertThat(new RouteEvent.NodeRenamed(Origin.time(), NODE, "a: b", "c: d").headline(PLAIN))
                .contains("a: b", "c: d");
    }

    @Test
    void aReasonWithAColonIsNotInTheHeadline() {
        Reason silent = new Reason.SessionSilent(new SessionId("s"), Instant.EPOCH);

        assertThat(new RouteEvent.NodeRemoved(Origin.time(), NODE, silent).headline(WITH_COLON))
                .isEqualTo("a: b is removed");
    }
}
