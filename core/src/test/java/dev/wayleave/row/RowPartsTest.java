package dev.wayleave.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The parts of a row that it may lack. */
class RowPartsTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionHolder HOLDER = new SessionHolder("one");
    private static final SessionId SESSION = new SessionId("s1");
    private static final Node NODE =
            Node.builder(new NodeId(1), "a", Owner.tags("tag:router")).build();

    @Test
    void aRouteHasTheTimesAndTheHealthThatAreStored() {
        RouteRow row = new RouteRow(
                new NodeId(1),
                Prefix.parse("10.0.0.0/8"),
                TIME,
                new RouteRow.Undecided(),
                false,
                Health.UNHEALTHY,
                TIME.plusSeconds(1));

        assertThat(row.advertisedAt()).contains(TIME);
        assertThat(row.health()).contains(Health.UNHEALTHY);
        assertThat(row.steadySince()).contains(TIME.plusSeconds(1));
    }

    @Test
    void aRouteThatIsApprovedOnlyHasNoTimes() {
        RouteRow row = new RouteRow(new NodeId(1), Prefix.parse("10.0.0.0/8"), null, new RouteRow.Undecided(), false);

        assertThat(row.advertisedAt()).isEmpty();
        assertThat(row.health()).isEmpty();
        assertThat(row.steadySince()).isEmpty();
    }

    @Test
    void aNodeHasTheDrainThatItIsIn() {
        Drain drain = new Drain(TIME, null, new Actor("ada"));

        assertThat(new NodeRow(NODE, drain, false, null).drain()).contains(drain);
        assertThat(new NodeRow(NODE, null, false, null).drain()).isEmpty();
    }

    @Test
    void aSessionHasItsHolderAndTheTimeSinceWhichItIsSteady() {
        SessionRow row = session(HOLDER, SESSION, TIME);

        assertThat(row.holder()).contains(HOLDER);
        assertThat(row.session()).contains(SESSION);
        assertThat(row.steadySince()).contains(TIME);
    }

    @Test
    void aSessionThatIsOverMayKeepItsHolder() {
        assertThat(session(HOLDER, null, null).session()).isEmpty();
    }

    @Test
    void aSessionWithoutAHolderIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session(null, SESSION, TIME))
                .withMessageContaining("`s1` has no holder");
    }

    @Test
    void aSessionIsRefusedWithoutATimeAndATimeWithoutASession() {
        assertThatIllegalArgumentException().isThrownBy(() -> session(HOLDER, SESSION, null));
        assertThatIllegalArgumentException().isThrownBy(() -> session(HOLDER, null, TIME));
    }

    private static SessionRow session(
            @Nullable SessionHolder holder, @Nullable SessionId session, @Nullable Instant steadySince) {
        return new SessionRow(holder, session, Health.HEALTHY, steadySince);
    }
}
