package dev.wayleave.storage.replicas;

import dev.wayleave.storage.replicas.ReplicaModel.Action;
import dev.wayleave.storage.replicas.ReplicaModel.Kind;
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
    private final boolean checksRecovery;
    private final ModelState first;
    private final Set<String> visited = new HashSet<>();

    /** The states from which the rest of a recovery ended well, with the ticks that were left. */
    private final Set<String> recovering = new HashSet<>();

    private int recoveries;

    private Exploration(ReplicaModel model, boolean checksRecovery, ModelState first) {
        this.model = model;
        this.first = first;
        this.checksRecovery = checksRecovery;
    }

    /** How a state was reached first. */
    private record Step(@Nullable Step before, String action, ModelState state, int depth) {}

    /**
     * What was found.
     *
     * @param states how many different states were visited
     * @param recoveries how many of them recovered from a disturbance, or from a start of a replica
     * @param depth how many actions the longest of the shortest ways to a state has
     * @param broken the promise that a run breaks; null if none does
     * @param run the actions of that run, without the recovery after it
     */
    record Result(
            int states, int recoveries, int depth, @Nullable String broken, List<String> run) {}

    /**
     * Visits all states that can be reached by so many actions.
     *
     * @param checksRecovery whether to let each state recover, and to check the end
     */
    static Result explore(ReplicaModel model, boolean checksRecovery, ModelState first, int depth) {
        return new Exploration(model, checksRecovery, first).to(depth);
    }

    private Result to(int depth) {
        model.promises().check(first);
        Queue<Step> open = new ArrayDeque<>();
        Step step = new Step(null, "", first, 0);
        visited.add(ModelKey.of(first, model.fault()));
        int reached = 0;
        while (step != null) {
            reached = step.depth();
            for (Action action : reached < depth ? model.actions(step.state()) : List.<Action>of()) {
                try {
                    ModelState next = taken(action);
                    if (visited.add(ModelKey.of(next, model.fault()))) {
                        recover(next);
                        open.add(new Step(step, action.name(), next, reached + 1));
                    }
                } catch (BrokenPromise e) {
                    List<String> run = run(new Step(step, action.name(), step.state(), reached + 1));
                    return new Result(visited.size(), recoveries, run.size(), e.getMessage(), run);
                }
            }
            step = open.poll();
        }
        return new Result(visited.size(), recoveries, reached, null, List.of());
    }

    /** The state after an action, which keeps the promises whether the state is known or new. */
    private ModelState taken(Action action) {
        ModelState next = action.next();
        model.promises().check(next);
        return next;
    }

    // ---- recovery

    /** Takes all actions that are not disturbances, in the order of their kinds, for so many ticks; checks the end. */
    private void recover(ModelState from) {
        if (!checksRecovery) {
            return;
        }
        if (from.faults() < first.faults() || from.incarnations() > first.incarnations()) {
            recoveries++;
        }
        ModelState state = from;
        for (int ticks = ReplicaModel.RECOVERY; ticks > 0; ticks--) {
            if (!recovering.add(ticks + ModelKey.of(state, model.fault()))) {
                // an earlier recovery went on from here, and ended well
                return;
            }
            state = afterTick(state);
        }
        model.promises().recovered(state);
    }

    private ModelState afterTick(ModelState before) {
        ModelState state = before;
        Set<String> taken = new HashSet<>();
        Kind kind = Kind.DATABASE_UP;
        Optional<Action> next = next(state, kind, Kind.TICK, taken);
        while (next.isPresent()) {
            Action action = next.get();
            kind = action.kind();
            taken.add(action.name());
            state = taken(action);
            if (kind == Kind.COMMIT || kind == Kind.COMMAND) {
                // the next replica decides after the outcome of this commit
                Optional<Action> outcome = next(state, Kind.OUTCOME, Kind.OUTCOME, Set.of());
                while (outcome.isPresent()) {
                    state = taken(outcome.get());
                    outcome = next(state, Kind.OUTCOME, Kind.OUTCOME, Set.of());
                }
            }
            next = next(state, kind, Kind.TICK, taken);
        }
        return state;
    }

    /** The next action of the first of these kinds that has one which was not taken in this tick. */
    private Optional<Action> next(ModelState state, Kind from, Kind to, Set<String> taken) {
        return model.actions(state).stream()
                .filter(action -> action.kind().compareTo(from) >= 0
                        && action.kind().compareTo(to) <= 0
                        && !taken.contains(action.name()))
                .min((one, other) -> one.kind().compareTo(other.kind()));
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
