package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator reads in the log of errors, changed histories and steps of the clock. */
class ControllerLogTest {

    private static final long POISON = 666;
    private static final Error ERROR = new StackOverflowError("planted");

    private final ControllerFixture testing = new ControllerFixture();
    private final LogRecords log = LogRecords.begin();
    private boolean broken;

    @AfterEach
    void close() {
        log.close();
    }

    private List<LogRecord> atLeast(Level level) {
        return log.records().stream()
                .filter(entry -> entry.getLevel().intValue() >= level.intValue())
                .toList();
    }

    private void stepFails(BiPredicate<List<Submission>, Instant> condition) {
        testing.builder.functions(new RoutingFunctions() {
            @Override
            public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                if (condition.test(submissions, now)) {
                    throw ERROR;
                }
                return RoutingFunctions.super.step(state, submissions, now);
            }
        });
    }

    @Test
    void anInternalErrorIsLoggedWithTheSubmissionThatCausedIt() {
        Submission poison = by("test", registered(POISON));
        stepFails((submissions, now) -> submissions.contains(poison));
        testing.open();
        testing.submit(registered(1));
        testing.submit(registered(POISON));
        testing.submit(registered(2));

        testing.host.run();

        assertThat(atLeast(Level.WARNING)).singleElement().satisfies(entry -> {
            assertThat(entry.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(entry.getThrown()).isSameAs(ERROR);
            assertThat(entry.getMessage())
                    .contains("internal error", TAILNET.toString())
                    .containsSubsequence("fails with " + poison, "3 submissions")
                    .contains(
                            by("test", registered(1)).toString(),
                            by("test", registered(2)).toString())
                    .doesNotContain("store");
        });
    }

    @Test
    void ofATurnWithManySubmissionsThatFailsTheNumberAndTheFirstOnesAreLogged() {
        stepFails((submissions, now) -> broken);
        testing.open();
        broken = true;
        for (long node = 1; node <= 1_000; node++) {
            testing.submit(registered(node));
        }

        testing.host.runOne();

        assertThat(atLeast(Level.WARNING))
                .singleElement()
                .extracting(LogRecord::getMessage)
                .asString()
                .contains("1000 submissions", by("test", registered(1)).toString())
                .doesNotContain(by("test", registered(1_000)).toString());
    }

    @Test
    void theLastOfTenFailedTurnsIsLoggedWithTheClosingOfTheController() {
        stepFails((submissions, now) -> broken);
        testing.open().withRouters();
        testing.done(disconnected(1));
        broken = true;

        testing.host.pass(Duration.ofMinutes(1));

        assertThat(atLeast(Level.WARNING))
                .hasSize(10)
                .allMatch(entry -> entry.getThrown() == ERROR)
                .extracting(LogRecord::getMessage)
                .allMatch(message -> message.contains("internal error") && message.contains(TAILNET.toString()))
                .allMatch(message -> message.contains(" 0 submissions"));
        List<String> messages =
                log.records().stream().map(LogRecord::getMessage).toList();
        assertThat(messages.subList(0, 9)).allMatch(message -> message.contains("repeated"));
        assertThat(messages.get(9)).contains("10 turns", "closes").doesNotContain("repeated");
    }

    @Test
    void aReceiptThatCannotBeMadeIsLoggedAndNothingIsSaidToBeRepeated() {
        testing.builder.functions(new RoutingFunctions() {
            @Override
            public Receipt receipt(Revision revision, SubmissionResult result, List<RouteEvent> events) {
                throw ERROR;
            }
        });
        testing.open();

        testing.submit(registered(1));
        testing.host.run();

        assertThat(atLeast(Level.WARNING)).singleElement().satisfies(entry -> {
            assertThat(entry.getThrown()).isSameAs(ERROR);
            assertThat(entry.getMessage())
                    .contains(
                            "internal error",
                            "at revision 1",
                            by("test", registered(1)).toString())
                    .doesNotContain("repeated");
        });
    }

    @Test
    void aTailnetThatWasDeletedIsOneWarningHoweverMuchIsSubmitted() {
        testing.open().withRouters();
        testing.store.delete(TAILNET);

        for (long node = 3; node < 10; node++) {
            testing.submit(registered(node));
            testing.submit(heard(1));
            testing.host.pass(Duration.ofSeconds(10));
        }

        assertThat(atLeast(Level.WARNING)).singleElement().satisfies(entry -> {
            assertThat(entry.getLevel()).isEqualTo(Level.WARNING);
            assertThat(entry.getMessage()).contains(TAILNET.toString(), "deleted");
        });
    }

    @Test
    void aStepOfTheClockIsOneWarning() {
        testing.open().withRouters();
        testing.host.stepClock(Duration.ofHours(1));
        testing.host.pass(Duration.ofMinutes(5));

        assertThat(atLeast(Level.INFO))
                .filteredOn(entry -> entry.getMessage().contains("clock"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getLevel()).isEqualTo(Level.WARNING);
                    assertThat(entry.getMessage()).contains(TAILNET.toString(), "PT1H");
                });
    }

    @Test
    void aRecordNamesTheClassThatLogsAndHasTheExceptionBesideTheMessage() {
        testing.open().withRouters();
        testing.store.down(true);
        testing.submit(registered(3));
        testing.host.run();
        testing.host.stepClock(Duration.ofHours(1));
        testing.host.pass(Duration.ofMinutes(1));

        assertThat(atLeast(Level.WARNING))
                .extracting(LogRecord::getSourceClassName)
                .containsExactly(StoreHealth.class.getName(), CommitLoop.class.getName());
        assertThat(log.records().get(0).getThrown()).isInstanceOf(StorageUnavailableException.class);
        assertThat(log.records()).noneMatch(entry -> entry.getMessage().contains("{}"));
    }
}
