package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static dev.wayleave.storage.ControllerFixture.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever keeps arriving, and however late the turns are: who lives stays, who died fails over. */
class ControllerStreamPropertyTest {

    private static final long POISON = 666;
    private static final long UNSTORABLE = 667;
    private static final Duration BEAT = Duration.ofSeconds(50);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(70);

    private final List<Expecting> expecting = new ArrayList<>();
    private long nodes = 1_000;

    private record Expecting(Revision expected, long node, CompletableFuture<Receipt> receipt) {}

    private ControllerFixture open() {
        expecting.clear();
        ControllerFixture testing = new ControllerFixture();
        testing.builder.functions(new RoutingFunctions() {
            @Override
            public Step step(RoutingState state, List<Submission> submissions, Instant now) {
                if (submissions.stream()
                        .anyMatch(submission -> submission.commands().contains(registered(POISON)))) {
                    throw new IllegalStateException("planted");
                }
                return RoutingFunctions.super.step(state, submissions, now);
            }
        });
        testing.store.beforeEach(commit -> {
            if (commit.rowChanges().nodes().upserts().stream()
                    .anyMatch(row -> row.facts().id().value() == UNSTORABLE)) {
                throw new StorageException("cannot be stored");
            }
        });
        return testing.open().withRouters();
    }

    private void arrive(ControllerFixture testing, Random random) {
        Revision current = testing.controller.current().revision();
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> expect(testing, current, heard(2));
            case 3 -> expect(testing, new Revision(random.nextInt((int) current.value() + 3)));
            case 4 -> testing.submit(registered(nodes++));
            case 5 -> testing.submit(heard(2), heard(2));
            case 6 -> testing.submit(registered(POISON));
            default -> testing.submit(registered(UNSTORABLE));
        }
    }

    private void expect(ControllerFixture testing, Revision expected, Command... commands) {
        long node = nodes++;
        List<Command> all = new ArrayList<>(List.of(commands));
        if (commands.length == 0) {
            all.add(registered(node));
        }
        Submission submission = by("administrator", all.toArray(Command[]::new));
        expecting.add(new Expecting(
                expected, commands.length == 0 ? node : 0, submitted(testing.controller.submit(submission, expected))));
    }

    private void turns(ControllerFixture testing, Random random) {
        for (int turns = random.nextInt(8); turns > 0; turns--) {
            testing.host.runOneIfDue();
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void routersWhoseKeepAlivesArriveStay(@ForAll Random random) {
        ControllerFixture testing = open();
        Instant heard = testing.host.instant();
        boolean isDown = false;
        for (int i = 0; i < 200; i++) {
            isDown = random.nextInt(20) == 0 ? !isDown : isDown; // outages of some minutes
            testing.store.down(isDown);
            if (Duration.between(heard, testing.host.instant()).compareTo(BEAT) >= 0) {
                testing.submit(heard(1));
                testing.submit(heard(2));
                heard = testing.host.instant();
            }
            arrive(testing, random);
            testing.host.oversleep(Duration.ofMillis(
                    random.nextInt((int) LONGEST_GAP.minus(BEAT).toMillis())));
            turns(testing, random);
        }
        testing.store.down(false);
        testing.submit(heard(1));
        testing.submit(heard(2));
        testing.host.pass(Duration.ofSeconds(5));

        assertThat(ControllerFixture.events(testing.publications))
                .noneMatch(RouteEvent.NodeInGrace.class::isInstance)
                .noneMatch(RouteEvent.PrimaryMoved.class::isInstance);
        assertThat(expecting).allMatch(each -> each.receipt().isDone());
        checkExpected(testing);
    }

    /** What expects a revision is applied to that revision, or refused with the one that it met. */
    private void checkExpected(ControllerFixture testing) {
        for (Expecting each : expecting) {
            Receipt receipt = each.receipt().exceptionally(failure -> null).join();
            boolean isApplied = receipt != null && receipt.result() instanceof SubmissionResult.Accepted;
            if (each.node() == 0) {
                continue; // it stores nothing: its batch may
            }
            assertThat(testing.controller.current().state().node(new NodeId(each.node())))
                    .matches(node -> node.isPresent() == isApplied);
            if (isApplied) {
                assertThat(receipt.revision()).isEqualTo(each.expected().next());
            }
        }
    }

    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void aRouterThatDiedFailsOverWhileSubmissionsKeepArriving(@ForAll Random random) {
        ControllerFixture testing = open();
        testing.done(disconnected(1));
        for (int i = 0; i < 400 && testing.primary().equals(Optional.of(new NodeId(1))); i++) {
            testing.submit(heard(2));
            arrive(testing, random);
            testing.host.oversleep(Duration.ofMillis(500));
            for (int turns = 0; turns < 8; turns++) {
                testing.host.runOneIfDue();
            }
        }
        assertThat(testing.primary()).contains(new NodeId(2));
    }
}
