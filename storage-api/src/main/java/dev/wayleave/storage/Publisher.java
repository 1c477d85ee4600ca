package dev.wayleave.storage;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.TouchedKeys;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the published snapshot, and publishes a step, or what other processes wrote: swaps the reference, answers the
 * batch, then calls listeners and observer. Nothing that they throw stops what comes after it.
 */
final class Publisher {

    private final TailnetId tailnet;
    private final HostClock clock;
    private final SubmissionQueue queue;
    private final Answers answers;
    private final Listeners listeners;
    private final InternalErrors errors;
    private final StoreHealth health;
    private final Gauges gauges;

    private volatile Snapshot published;

    /** Of the commit that made the published revision; null if none is known. */
    private @Nullable CommitToken token;

    /** The last stored event that was published; null if none is known. */
    private @Nullable EventPosition lastEvent;

    /** The part of the steps of the host's clock that the published state has followed. */
    private Duration followed;

    Publisher(
            Snapshot first,
            @Nullable CommitToken token,
            HostClock clock,
            Duration followed,
            SubmissionQueue queue,
            Answers answers,
            Listeners listeners,
            InternalErrors errors,
            StoreHealth health) {
        this.tailnet = first.state().tailnet();
        this.published = first;
        this.token = token;
        this.clock = clock;
        this.followed = followed;
        this.queue = queue;
        this.answers = answers;
        this.listeners = listeners;
        this.errors = errors;
        this.health = health;
        this.gauges = new Gauges(first.state());
    }

    /** {@return the published snapshot. For any thread} */
    Snapshot current() {
        return published;
    }

    Revision revision() {
        return published.revision();
    }

    /** {@return the token of the commit that made the published revision; null if none is known} */
    @Nullable
    CommitToken token() {
        return token;
    }

    /** {@return the position of the last stored event that was published; null if none is known} */
    @Nullable
    EventPosition lastEvent() {
        return lastEvent;
    }

    // ---- time

    Duration followed() {
        return followed;
    }

    /** {@return the time on the clock that the published state follows} */
    Instant now() {
        return clock.read().on(followed);
    }

    Optional<Instant> nextDeadline() {
        return published.state().nextDeadline();
    }

    // ---- publishing

    /**
     * Publishes a step.
     *
     * @param answered the revision of the receipts: the one that the step's commit made
     * @param after what is published; of a later revision if another commit, without a row, confirmed it
     */
    void publish(Batch batch, Revision answered, Snapshot after, Step step, @Nullable CommitToken newToken) {
        Snapshot before = published;
        published = after;
        token = newToken;
        queue.remove(batch.all());
        keepUp(() -> followClock(step.events()));
        answers.answer(batch, answered, step);
        if (!batch.isOwn() || !after.revision().equals(before.revision())) {
            health.over();
            errors.turnSucceeded();
        }
        keepUp(() -> gauges.follow(before.state(), step.next(), step.touched(), step.rowChanges()));
        publish(new Publication(before, after, events(before.revision(), answered, step), step.touched()));
        observe(step);
        observe();
    }

    /** The events of a step; they are stored if a commit of it made a revision. */
    private static List<PublishedEvent> events(Revision before, Revision made, Step step) {
        boolean isStored = made.compareTo(before) > 0;
        List<PublishedEvent> events = new ArrayList<>(step.events().size());
        for (RouteEvent event : step.events()) {
            EventPosition position = isStored ? new EventPosition(made, events.size()) : null;
            events.add(new PublishedEvent(step.next().now(), event, position));
        }
        return events;
    }

    private void publish(Publication publication) {
        if (!listeners.areStarted() && publication.events().isEmpty()) {
            lastEvent = null; // they may not have been read
        }
        for (PublishedEvent event : publication.events()) {
            lastEvent = event.positionOrNull() == null ? lastEvent : event.positionOrNull();
        }
        listeners.publish(publication);
    }

    /** Calls the observers with what this process decided. */
    private void observe(Step step) {
        for (SubmissionResult result : step.results()) {
            if (result instanceof SubmissionResult.Refused refused) {
                listeners.observe(observer -> observer.refused(tailnet, refused.problems()));
            }
        }
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.PrimaryMoved moved) {
                listeners.observe(observer -> observer.moved(tailnet, moved));
            }
        }
    }

    /** Publishes the same rows without sessions: only another process knows which node is online. */
    void dropSessions() {
        keepUp(() -> publishReload(
                new Snapshot(
                        revision(),
                        RoutingState.restoreWithoutSessions(published.state().rows(), now())),
                token,
                List.of()));
    }

    /**
     * Publishes what other processes changed.
     *
     * @param after what is published
     * @param touched the nodes and prefixes whose change may change views
     * @param changes the rows that they changed
     * @param events the events of their commits
     */
    void publishFollowed(
            Snapshot after,
            @Nullable CommitToken newToken,
            TouchedKeys touched,
            RowChanges changes,
            List<PublishedEvent> events) {
        Snapshot before = published;
        published = after;
        token = newToken;
        keepUp(() -> gauges.follow(before.state(), after.state(), touched, changes));
        publish(new Publication(before, after, events, touched));
        observe();
    }

    /** Publishes all rows of a tailnet, of which it is not known what changed. */
    void publishReload(Snapshot after, @Nullable CommitToken newToken, List<PublishedEvent> events) {
        Snapshot before = published;
        published = after;
        token = newToken;
        keepUp(() -> gauges.count(after.state()));
        publish(new Publication(before, after, events, null));
        observe();
    }

    private void followClock(List<RouteEvent> events) {
        for (RouteEvent event : events) {
            if (event instanceof RouteEvent.ClockStepped clockStepped) {
                followed = followed.plus(clockStepped.by());
                queue.stepClock(clockStepped.by());
            }
        }
    }

    /** Updates something that follows the published state; an error in it stops nothing. */
    private void keepUp(Runnable update) {
        try {
            update.run();
        } catch (Throwable e) {
            errors.report(revision(), null, "the published snapshot stays, and the loop goes on", e);
        }
    }

    /** Calls the observers with the published snapshot. */
    void observe() {
        Snapshot snapshot = published;
        int unserved = gauges.unserved();
        int pending = gauges.pending();
        listeners.observe(observer -> observer.published(tailnet, snapshot, unserved, pending));
    }
}
