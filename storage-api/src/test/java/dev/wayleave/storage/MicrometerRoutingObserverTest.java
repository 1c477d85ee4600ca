package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.ScriptedStore.Fault;
import dev.wayleave.storage.micrometer.MicrometerRoutingObserver;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Controllers under Micrometer. */
class MicrometerRoutingObserverTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerRoutingObserver observer = new MicrometerRoutingObserver(registry);
    private final ControllerFixture testing = new ControllerFixture();

    private void open() {
        testing.builder.observer(observer);
        testing.open();
    }

    private double gauge(String name) {
        return registry.get("wayleave." + name)
                .tag("tailnet", "example.com")
                .gauge()
                .value();
    }

    private double counter(String name) {
        return registry.get("wayleave." + name)
                .tag("tailnet", "example.com")
                .counter()
                .count();
    }

    @Test
    void everyMeterHasItsKindUnitDescriptionAndTailnet() {
        open();
        testing.done(registered(1));

        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getType() + " "
                        + meter.getId().getName().substring("wayleave.".length()) + " "
                        + meter.getId().getBaseUnit())
                .containsExactlyInAnyOrder(
                        "COUNTER clock.steps steps",
                        "COUNTER commit.conflicts conflicts",
                        "COUNTER internal.errors errors",
                        "COUNTER primary.moves moves",
                        "COUNTER refused.submissions submissions",
                        "COUNTER rejected.submissions submissions",
                        "COUNTER store.outages outages",
                        "COUNTER unknown.commits commits",
                        "DISTRIBUTION_SUMMARY step.submissions submissions",
                        "GAUGE controller.up null",
                        "GAUGE nodes nodes",
                        "GAUGE pending.routes routes",
                        "GAUGE prefixes prefixes",
                        "GAUGE queued.submissions submissions",
                        "GAUGE revision null",
                        "GAUGE store.up null",
                        "GAUGE unserved.prefixes prefixes",
                        "TIMER commit seconds",
                        "TIMER retry.pause seconds",
                        "TIMER step seconds",
                        "TIMER store.outage seconds");
        assertThat(registry.getMeters()).allSatisfy(meter -> {
            assertThat(meter.getId().getDescription()).isNotBlank();
            assertThat(meter.getId().getTag("tailnet")).isEqualTo("example.com");
        });
    }

    @Test
    void aPublishedSnapshotSetsTheGauges() {
        open();
        testing.withRouters();
        testing.done(advertised(2, LAN, Prefix.parse("10.7.0.0/16")));

        assertThat(gauge("nodes")).isEqualTo(2);
        assertThat(gauge("prefixes")).isEqualTo(1);
        assertThat(gauge("unserved.prefixes")).isZero();
        assertThat(gauge("pending.routes")).isEqualTo(1);
        assertThat(gauge("revision"))
                .isEqualTo(testing.controller.current().revision().value());

        testing.done(disconnected(1), disconnected(2));
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(gauge("unserved.prefixes")).isEqualTo(1);
    }

    @Test
    void aFailoverIsAMove() {
        open();
        testing.withRouters();
        assertThat(counter("primary.moves")).isZero();

        testing.done(disconnected(1));
        testing.host.pass(Duration.ofSeconds(15));
        assertThat(counter("primary.moves")).isEqualTo(1);
    }

    @Test
    void stepsAndCommitsAreTimedAndTheSizeOfAStepIsSummedUp() {
        open();
        testing.submit(registered(1));
        testing.submit(registered(2));
        testing.host.run();

        assertThat(registry.get("wayleave.step").timer().count()).isEqualTo(1);
        assertThat(registry.get("wayleave.commit").timer().count()).isEqualTo(1);
        assertThat(registry.get("wayleave.step.submissions").summary().totalAmount())
                .isEqualTo(2);
    }

    @Test
    void aFullQueueRejectsAndTheRulesRefuse() {
        testing.builder.queueLimit(1);
        open();
        testing.submit(advertised(7, LAN));
        testing.submit(registered(1));
        testing.host.run();

        assertThat(counter("rejected.submissions")).isEqualTo(1);
        assertThat(counter("refused.submissions")).isEqualTo(1);
    }

    @Test
    void conflictsAndCommitsOfUnknownOutcomeAreCounted() {
        open();
        testing.store.next(Fault.CONFLICT, Fault.CONFLICT, Fault.UNKNOWN_LANDED);
        testing.submit(registered(1));
        testing.host.pass(Duration.ofSeconds(1));

        assertThat(counter("commit.conflicts")).isEqualTo(2);
        assertThat(counter("unknown.commits")).isEqualTo(1);
    }

    @Test
    void anOutageOfTheStoreTakesItsGaugeDownUntilItEnds() {
        open();
        testing.store.down(true);
        testing.submit(registered(1));
        testing.host.pass(Duration.ofSeconds(4));

        assertThat(gauge("store.up")).isZero();
        assertThat(counter("store.outages")).isEqualTo(1);
        assertThat(gauge("queued.submissions")).isEqualTo(1);
        assertThat(registry.get("wayleave.retry.pause").timer().count()).isPositive();
        assertThat(registry.get("wayleave.store.outage").timer().count()).isZero();

        testing.store.down(false);
        testing.host.pass(Duration.ofSeconds(4));
        assertThat(gauge("store.up")).isEqualTo(1);
        assertThat(gauge("queued.submissions")).isZero();
        assertThat(registry.get("wayleave.store.outage").timer().totalTime(TimeUnit.SECONDS))
                .isBetween(4.0, 8.0);
    }

    @Test
    void aStepOfTheClockIsCounted() {
        open();
        testing.host.stepClock(Duration.ofHours(1));
        testing.done(registered(1));

        assertThat(counter("clock.steps")).isEqualTo(1);
    }

    @Test
    void aControllerThatClosedByItselfIsDownUntilItIsOpenedAgain() {
        open();
        testing.done(registered(1));
        assertThat(gauge("controller.up")).isEqualTo(1);

        observer.failed(TAILNET, new ControllerClosedException(TAILNET));
        assertThat(gauge("controller.up")).isZero();

        testing.done(registered(2));
        assertThat(gauge("controller.up")).isEqualTo(1);
    }

    @Test
    void internalErrorsAreCounted() {
        observer.internalError(TAILNET, List.of(), null, new IllegalStateException("planted"));

        assertThat(counter("internal.errors")).isEqualTo(1);
    }

    @Test
    void tailnetsOfOneObserverHaveMetersOfTheirOwn() {
        open();
        TailnetId other = new TailnetId("other.example");
        testing.done(registered(1), connected(1));
        observer.queued(other, 7);

        assertThat(gauge("queued.submissions")).isZero();
        assertThat(registry.get("wayleave.queued.submissions")
                        .tag("tailnet", "other.example")
                        .gauge()
                        .value())
                .isEqualTo(7);
    }

    @Test
    void theMetersOfAClosedControllerCanBeRemoved() {
        open();
        testing.done(registered(1));
        observer.queued(new TailnetId("other.example"), 7);
        testing.controller.close();

        observer.remove(TAILNET);
        observer.remove(TAILNET);

        assertThat(registry.getMeters())
                .isNotEmpty()
                .extracting(Meter::getId)
                .allSatisfy(id -> assertThat(id.getTag("tailnet")).isEqualTo("other.example"));
    }
}
