package dev.wayleave.examples.cli.report;

import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.journal.Journal;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of a replay in words, each with its time. */
public final class History implements Journal.Follower {

    /**
     * One thing that happened.
     *
     * @param at the time of its step
     * @param kind what it is called in JSON
     * @param actor who asked for it; null if time passed
     * @param event the event of the library; null for the beginning and for refusals
     * @param sentence what it is called by people
     */
    record Entry(
            Instant at,
            String kind,
            @Nullable Actor actor,
            @Nullable RouteEvent event,
            String sentence) {}

    private final List<Entry> entries = new ArrayList<>();

    /** The last name that each node had: of those that are gone, too. */
    private final Map<NodeId, String> lastNames = new LinkedHashMap<>();

    private final Names names = Names.of(this::name).withoutTimes();

    List<Entry> entries() {
        return entries;
    }

    @Override
    public void begins(RoutingState state) {
        learnNames(state);
        int nodes = state.nodes().size();
        entries.add(new Entry(
                state.now(),
                "begun",
                null,
                null,
                "the journal of " + state.tailnet() + " begins with " + nodes + (nodes == 1 ? " node" : " nodes")));
    }

    @Override
    public void stepped(List<Submission> submissions, Step step) {
        learnNames(step.next());
        Instant at = step.next().now();
        for (int i = 0; i < submissions.size(); i++) {
            if (step.results().get(i) instanceof SubmissionResult.Refused refused) {
                Actor actor = submissions.get(i).actor();
                refused.problems()
                        .forEach(problem -> entries.add(new Entry(
                                at, "refused", actor, null, "a submission is refused: " + problem.text(names))));
            }
        }
        step.events()
                .forEach(event ->
                        entries.add(new Entry(at, event.kind(), event.actor().orElse(null), event, event.text(names))));
    }

    private void learnNames(RoutingState state) {
        state.nodes().forEach((id, node) -> lastNames.put(id, node.facts().name()));
    }

    private String name(NodeId id) {
        return lastNames.getOrDefault(id, "node " + id);
    }
}
