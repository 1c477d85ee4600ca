package dev.wayleave.storage.replicas;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state of the model that can be reached by so many actions, the nearest first. So the run that breaks a
 * promise is one of the shortest.
 */
final class Exploration {

    private final ReplicaModel model;
    private final Set<String> visited = new HashSet<>();

    private final boolean checksRecovery;

    private Exploration(ReplicaModel model, boolean checksRecovery) {
        this.model = model;
        this.checksRecovery = checksRecovery;
    }

    /** How a state was reached first. */
    private record Step(@Nullable Step before, String action, ModelState state, int depth) {}

    /**
     * What was found.
     *
     * @param states how many different states were visited
     * @param depth how many actions the longest of the shortest ways to a state has
     * @param broken the promise that a run breaks; null if none does
     * @param run the actions of that run
     */
    record Result(int states, int depth, @Nullable String broken, List<String> run) {}

    /**
     * Visits all states that can be reached by so many actions.
     *
     * @param checksRecovery whether to let each disturbed state recover, and to check the end
     */
    static Result explore(ReplicaModel model, boolean checksRecovery, ModelState first, int depth) {
        return new Exploration(model, checksRecovery).from(first, depth);
    }

    private Result from(ModelState first, int depth) {
        Queue<Step> open = new ArrayDeque<>();
        Step step = new Step(null, "", first, 0);
        visited.add(ModelKey.of(first, model.fault()));
        int reached = 0;
        while (step != null) {
            reached = step.depth();
            try {
                check(step.state());
                for (ReplicaModel.Action action :
                        reached < depth ? model.actions(step.state()) : List.<ReplicaModel.Action>of()) {
                    if (visited.add(ModelKey.of(action.next(), model.fault()))) {
                        open.add(new Step(step, action.name(), action.next(), reached + 1));
                    }
                }
            } catch (BrokenPromise e) {
                return new Result(visited.size(), reached, e.getMessage(), run(step));
            }
            step = open.poll();
        }
        return new Result(visited.size(), reached, null, List.of());
    }

    private void check(ModelState state) {
        model.promises().check(state);
        boolean isDisturbed = !state.database().isUp()
                || state.replicas().stream().anyMatch(replica -> replica.process() == ModelState.Process.DEAD);
        if (checksRecovery && isDisturbed) {
            model.promises().recovered(recover(state));
        }
    }

    /** The state after so many ticks in which whatever can go on does. */
    private ModelState recover(ModelState disturbed) {
        ModelState state = disturbed;
        for (int tick = 0; tick < ReplicaModel.RECOVERY; tick++) {
            for (ReplicaModel.Kind kind : ReplicaModel.Kind.values()) {
                if (kind != ReplicaModel.Kind.DISTURBANCE) {
                    state = takeAll(kind, state);
                }
            }
        }
        return state;
    }

    /** Takes each action of a kind once, and hears of what becomes of a commit before the next replica decides. */
    private ModelState takeAll(ReplicaModel.Kind kind, ModelState before) {
        Set<String> taken = new HashSet<>();
        ModelState state = before;
        Optional<ReplicaModel.Action> next = next(kind, state, taken);
        while (next.isPresent()) {
            taken.add(next.get().name());
            state = next.get().next();
            model.promises().check(state);
            if (kind == ReplicaModel.Kind.COMMIT || kind == ReplicaModel.Kind.COMMAND) {
                state = takeAll(ReplicaModel.Kind.OUTCOME, state);
            }
            next = next(kind, state, taken);
        }
        return state;
    }

    private Optional<ReplicaModel.Action> next(ReplicaModel.Kind kind, ModelState state, Set<String> taken) {
        return model.actions(state).stream()
                .filter(action -> action.kind() == kind && !taken.contains(action.name()))
                .findFirst();
    }

    private static List<String> run(Step last) {
        List<String> actions = new ArrayList<>();
        for (Step step = last; step.before() != null; step = step.before()) {
            actions.add(step.action());
        }
        Collections.reverse(actions);
        return List.copyOf(actions);
    }
}
