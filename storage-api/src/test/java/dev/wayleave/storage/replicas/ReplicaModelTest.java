package dev.wayleave.storage.replicas;

import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.ANSWER_LOST;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.DATABASE_DOWN;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_CUT_OFF;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_FROZEN;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_JOINS;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_KILLED;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.ROUTER_DIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wayleave.storage.replicas.ReplicaModel.Disturbance;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The protocol of {@code docs/replicas.md} keeps its promises in every state that the model reaches, and the search
 * finds each fault that is planted. {@code -Dwayleave.slow=true} searches deeper.
 */
class ReplicaModelTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    // ---- the protocol

    @Test
    void no_promise_is_broken_when_two_things_of_any_kind_happen() {
        Exploration.Result result =
                explore(PlantedFault.NONE, false, 2, SLOW ? 8 : 4, EnumSet.allOf(Disturbance.class), List.of());
        assertUnbroken(result);
    }

    @TestFactory
    Stream<DynamicTest> no_promise_is_broken_after_one_disturbance_and_all_recovers() {
        return Stream.of(Disturbance.values())
                .map(disturbance -> DynamicTest.dynamicTest(disturbance.name(), () -> {
                    assertUnbroken(
                            explore(PlantedFault.NONE, false, 1, SLOW ? 14 : 6, EnumSet.of(disturbance), List.of()));
                    assertUnbroken(
                            explore(PlantedFault.NONE, true, 1, SLOW ? 10 : 3, EnumSet.of(disturbance), List.of()));
                }));
    }

    @Test
    void sessions_end_although_the_replica_that_ended_their_lease_dies() {
        assertUnbroken(explore(PlantedFault.NONE, true, 3, SLOW ? 5 : 2, ROUTER_AND_REPLICAS_DIE, LEASE_IS_DUE));
    }

    private static void assertUnbroken(Exploration.Result result) {
        assertThat(result.broken()).as("%s", result.run()).isNull();
        assertThat(result.states()).isGreaterThan(5);
    }

    // ---- planted faults

    /** The third replica joins; the second dies and its router too; its lease is due to be ended. */
    private static final List<String> LEASE_IS_DUE = List.of(
            "replica 2 joins",
            "router 1 dies",
            "replica 1 is killed",
            "a tick passes",
            "replica 0 reads the database",
            "replica 2 reads the database",
            "a tick passes",
            "replica 0 reads the database");

    private static final Set<Disturbance> ROUTER_AND_REPLICAS_DIE =
            EnumSet.of(ROUTER_DIES, REPLICA_KILLED, REPLICA_JOINS);

    private static final List<String> NOTHING = List.of();

    @ParameterizedTest
    @MethodSource("faults")
    void the_search_finds(PlantedFault fault, int depth, Set<Disturbance> disturbances, List<String> before) {
        boolean checksRecovery = fault == PlantedFault.ENDED_BY_ONE_ALONE;
        List<String> played = SLOW && !checksRecovery ? NOTHING : before;
        int searched = depth + before.size() - played.size();
        Exploration.Result result = explore(fault, checksRecovery, 3, searched, disturbances, played);
        assertThat(result.broken()).as("after %d states", result.states()).isNotNull();
        Exploration.Result without =
                explore(PlantedFault.NONE, checksRecovery, 3, result.run().size(), disturbances, played);
        assertUnbroken(without);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(PlantedFault.NO_REVISION_CHECK, 5, Set.of(ROUTER_DIES), NOTHING),
                arguments(PlantedFault.NO_LEASE_CHECK, 8, Set.of(REPLICA_JOINS), NOTHING),
                arguments(PlantedFault.LEASE_ENDED_UNSEEN, 8, Set.of(), NOTHING),
                arguments(PlantedFault.OUTAGE_IS_SILENCE, 7, Set.of(DATABASE_DOWN), NOTHING),
                arguments(PlantedFault.BELIEF_FROM_ANSWER, 8, Set.of(), NOTHING),
                arguments(PlantedFault.BELIEF_AFTER_FREEZE, 7, Set.of(REPLICA_FROZEN), List.of("replica 1 freezes")),
                arguments(PlantedFault.DOUBT_FORGOTTEN, 5, Set.of(ANSWER_LOST), NOTHING),
                arguments(PlantedFault.PUBLISHED_TOO_EARLY, 2, Set.of(REPLICA_CUT_OFF), NOTHING),
                arguments(PlantedFault.ANY_SESSION_ENDED, 6, Set.of(REPLICA_FROZEN), List.of("replica 0 freezes")),
                arguments(PlantedFault.ENDED_BY_ONE_ALONE, 2, ROUTER_AND_REPLICAS_DIE, LEASE_IS_DUE),
                arguments(
                        PlantedFault.LEASES_READ_BEFORE_ROWS,
                        5,
                        Set.of(REPLICA_FROZEN, REPLICA_JOINS),
                        List.of("replica 2 joins", "replica 0 freezes")),
                arguments(PlantedFault.GRACE_BEGINS_AGAIN, 6, Set.of(ROUTER_DIES), NOTHING));
    }

    @Test
    void each_planted_fault_is_searched_for() {
        Set<PlantedFault> searched = EnumSet.of(PlantedFault.NONE);
        faults().forEach(arguments -> searched.add((PlantedFault) arguments.get()[0]));
        assertThat(searched).containsExactlyInAnyOrder(PlantedFault.values());
    }

    /** Plays the actions with these names, and visits what can be reached from there. */
    private static Exploration.Result explore(
            PlantedFault fault,
            boolean checksRecovery,
            int disturbances,
            int depth,
            Set<Disturbance> kinds,
            List<String> before) {
        ReplicaModel model = new ReplicaModel(fault, kinds);
        ModelState state = ReplicaModel.begin(disturbances);
        for (String name : before) {
            state = model.actions(state).stream()
                    .filter(action -> action.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no action `" + name + "`"))
                    .next();
        }
        return Exploration.explore(model, checksRecovery, state, depth);
    }
}
