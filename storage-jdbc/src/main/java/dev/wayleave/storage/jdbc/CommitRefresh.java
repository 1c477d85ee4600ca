package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.Tailnets;
import dev.wayleave.storage.TailnetsBuilder;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes the controllers of this process when a commit is notified: the receiver of a {@link CommitListener} for
 * hosts that want to see the commits of other processes at once.
 *
 * <pre>{@code
 * RouteController controller = RouteController.builder(store, tailnet, scheduler, clock)
 *         .following(Duration.ofSeconds(5)) // finds commits whose notification was lost
 *         .open();
 * CommitListener listener = CommitListener.start(
 *         direct, TableNames.DEFAULT, executor, CommitRefresh.of(() -> List.of(controller), e -> log.warn("…", e)));
 * }</pre>
 *
 * <p>A controller reads only what it does not have: the notification of its own commit reads nothing, and those that
 * come while it reads lead to one more read. When the connection listens again, and when a tailnet was deleted, the
 * controllers read in any case. No call blocks.
 */
public final class CommitRefresh implements CommitListener.Receiver {

    private final Refresher refresher;

    private final Consumer<? super SQLException> lost;

    private CommitRefresh(Refresher refresher, Consumer<? super SQLException> lost) {
        this.refresher = refresher;
        this.lost = lost;
    }

    /** Refreshes controllers; the answers are of no interest, because listeners get what is published. */
    private interface Refresher {

        void refreshAll();

        /** Refreshes a tailnet; up to a revision, or in any case if that is null. */
        void refresh(TailnetId tailnet, @Nullable Revision revision);
    }

    /**
     * Refreshes controllers.
     *
     * @param controllers the controllers that are open now; asked at each notification, so it must return at once
     * @param lost receives the reason when the connection is lost, for the host's log. Until the connection listens
     *     again, the controllers see the commits of other processes only by {@link RouteControllerBuilder#following}
     * @return the receiver
     */
    public static CommitRefresh of(
            Supplier<? extends Collection<RouteController>> controllers, Consumer<? super SQLException> lost) {
        Objects.requireNonNull(controllers, "controllers");
        Objects.requireNonNull(lost, "lost");
        Refresher refresher = new Refresher() {
            @Override
            public void refreshAll() {
                for (RouteController controller : controllers.get()) {
                    var unused = controller.refresh();
                }
            }

            @Override
            public void refresh(TailnetId tailnet, @Nullable Revision revision) {
                for (RouteController controller : controllers.get()) {
                    if (controller.current().state().tailnet().equals(tailnet)) {
                        var unused = revision == null ? controller.refresh() : controller.refresh(revision);
                    }
                }
            }
        };
        return new CommitRefresh(refresher, lost);
    }

    /**
     * Refreshes the loaded ones of many tailnets; it loads none.
     *
     * @param tailnets the tailnets
     * @param lost receives the reason when the connection is lost, for the host's log. Until the connection listens
     *     again, the tailnets see the commits of other processes only by {@link TailnetsBuilder#following}
     * @return the receiver
     */
    public static CommitRefresh of(Tailnets tailnets, Consumer<? super SQLException> lost) {
        Objects.requireNonNull(tailnets, "tailnets");
        Objects.requireNonNull(lost, "lost");
        Refresher refresher = new Refresher() {
            @Override
            public void refreshAll() {
                for (TailnetId tailnet : tailnets.loaded()) {
                    refresh(tailnet, null);
                }
            }

            @Override
            public void refresh(TailnetId tailnet, @Nullable Revision revision) {
                var unused = revision == null
                        ? tailnets.refreshIfLoaded(tailnet)
                        : tailnets.refreshIfLoaded(tailnet, revision);
            }
        };
        return new CommitRefresh(refresher, lost);
    }

    @Override
    public void listening() {
        refresher.refreshAll();
    }

    @Override
    public void committed(TailnetId tailnet, Revision revision) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(revision, "revision");
        refresher.refresh(tailnet, revision.equals(Revision.NONE) ? null : revision);
    }

    @Override
    public void lost(SQLException cause) {
        lost.accept(Objects.requireNonNull(cause, "cause"));
    }
}
