package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.SessionChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An executor or a member that throws: no member stays that has left, and the channel can be woken again. */
class SessionNotificationsFaultsTest {

    private static final TailnetId TAILNET = new TailnetId("example.com");

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> received = new ArrayList<>();
    private Throwable ofExecutor;
    private Throwable ofMember;
    private int asked;

    private final SessionNotifications sessions =
            SessionNotifications.of(DataSources.ofUrl("jdbc:h2:mem:"), TableNames.DEFAULT, task -> {
                sneakily(ofExecutor);
                tasks.add(task);
            });
    private final CommitListener.Receiver receiver = sessions.receiver(CommitRefresh.of(() -> List.of(), cause -> {}));
    private final SessionChannel.Membership membership = sessions.join(new SessionChannel.Member() {
        @Override
        public TailnetId tailnet() {
            return TAILNET;
        }

        @Override
        public Optional<String> nextMessage() {
            asked++;
            sneakily(ofMember);
            return Optional.empty();
        }

        @Override
        public void received(String message) {
            received.add(message);
        }

        @Override
        public void listening() {}

        @Override
        public void notSent() {}
    });

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakily(Throwable thrown) throws T {
        if (thrown != null) {
            throw (T) thrown;
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void checkGone() {
        receiver.message(TAILNET, "for a member that is gone");
        assertThat(received).isEmpty();
    }

    static List<Throwable> thrown() {
        return List.of(
                new RejectedExecutionException("planted"),
                new IllegalStateException("planted"),
                new StackOverflowError("planted"),
                new InterruptedException("planted"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void aMemberLeavesAlsoIfTheExecutorThrows(Throwable planted) {
        ofExecutor = planted;

        Throwable thrown = catchThrowable(membership::close);

        assertThat(thrown).isSameAs(planted instanceof RejectedExecutionException ? null : planted);
        checkGone();
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void aMemberLeavesAlsoIfItsLastMessageCannotBeAskedFor(Throwable planted) {
        ofMember = planted;
        membership.close();

        Throwable thrown = catchThrowable(this::runTasks);

        assertThat(thrown).isSameAs(planted);
        checkGone();
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void theChannelIsWokenAgainAfterTheExecutorThrew(Throwable planted) {
        ofExecutor = planted;
        Throwable thrown = catchThrowable(membership::wake);
        assertThat(thrown).isSameAs(planted instanceof RejectedExecutionException ? null : planted);

        ofExecutor = null;
        membership.wake();
        runTasks();

        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aMemberThatStaysReceives() {
        receiver.message(TAILNET, "a message");
        receiver.message(new TailnetId("other.example.com"), "another message");

        assertThat(received).containsExactly("a message");
    }
}
