package dev.wayleave.storage.replicas;

import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.ANSWER_LOST;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.DATABASE_DOWN;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_FROZEN;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_JOINS;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.REPLICA_KILLED;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.ROUTER_DIES;
import static dev.wayleave.storage.replicas.ReplicaModel.Disturbance.ROUTER_RECONNECTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wayleave.storage.replicas.ReplicaModel.Disturbance;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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
    void noPromiseIsBrokenWhenTwoThingsOfAnyKindHappen() {
        assertUnbroken(explore(PlantedFault.NONE, false, 2, SLOW ? 7 : 4, EnumSet.allOf(Disturbance.class), NOTHING));
    }

    @Test
    void allRecoversWhenTwoThingsOfAnyKindHappened() {
        assertRecovered(explore(PlantedFault.NONE, true, 2, SLOW ? 5 : 2, EnumSet.allOf(Disturbance.class), NOTHING));
    }

    @TestFactory
    Stream<DynamicTest> noPromiseIsBrokenAfterOneDisturbance() {
        return each(kinds -> assertUnbroken(explore(PlantedFault.NONE, false, 1, SLOW ? 11 : 6, kinds, NOTHING)));
    }

    @TestFactory
    Stream<DynamicTest> allRecoversAfterOneDisturbance() {
        return each(kinds -> assertRecovered(explore(PlantedFault.NONE, true, 1, SLOW ? 9 : 4, kinds, NOTHING)));
    }

    private static Stream<DynamicTest> each(Consumer<Set<Disturbance>> test) {
        return Stream.of(Disturbance.values())
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> test.accept(EnumSet.of(kind))));
    }

    @Test
    void sessionsEndAlthoughTheReplicaThatEndedTheirLeaseDies() {
        assertRecovered(explore(PlantedFault.NONE, true, 3, SLOW ? 6 : 2, ROUTER_AND_REPLICAS_DIE, LEASE_IS_DUE));
    }

    private static void assertUnbroken(Exploration.Result result) {
        assertThat(result.broken()).as("%s", result.run()).isNull();
        assertThat(result.states()).isGreaterThan(1);
    }

    private static void assertRecovered(Exploration.Result result) {
        assertUnbroken(result);
        assertThat(result.recoveries()).isPositive();
    }

    // ---- planted faults

    /** The third replica joins; the second dies and its router too; its lease is due to be ended. */
    private static final List<String> LEASE_IS_DUE = List.of(
            "replica 2 joins",
            "router 1 dies",
            "replica 1 is killed",
            "a tick passes",
            "replica 0 renews its lease",
            "replica 0 reads that its renewal was done",
            "replica 2 renews its lease",
            "replica 2 reads that its renewal was done",
            "replica 0 reads the database",
            "replica 2 reads the database",
            "a tick passes",
            "replica 0 reads the database");

    /** The second replica freezes; the first reads the database one tick later. */
    private static final List<String> ONE_IS_FROZEN =
            List.of("replica 1 freezes", "a tick passes", "replica 0 renews its lease");

    private static final Set<Disturbance> ROUTER_AND_REPLICAS_DIE =
            EnumSet.of(ROUTER_DIES, REPLICA_KILLED, REPLICA_JOINS);

    private static final List<String> NOTHING = List.of();

    @ParameterizedTest
    @MethodSource("faults")
    void theSearchFinds(PlantedFault fault, int depth, Set<Disturbance> disturbances, List<String> before) {
        boolean checksRecovery = fault == PlantedFault.ENDED_BY_ONE_ALONE;
        Exploration.Result result = explore(fault, checksRecovery, 3, depth, disturbances, before);
        assertThat(result.broken()).as("after %d states", result.states()).isNotNull();
        assertThat(result.run()).hasSize(depth);
        assertUnbroken(explore(PlantedFault.NONE, checksRecovery, 3, depth, disturbances, before));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(PlantedFault.NO_REVISION_CHECK, 5, Set.of(ROUTER_DIES), NOTHING),
                arguments(PlantedFault.NO_LEASE_CHECK, 9, Set.of(), NOTHING),
                arguments(PlantedFault.LEASE_ENDED_UNSEEN, 9, Set.of(), NOTHING),
                arguments(PlantedFault.OUTAGE_IS_SILENCE, 8, Set.of(DATABASE_DOWN), NOTHING),
                arguments(PlantedFault.BELIEF_FROM_ANSWER, 10, Set.of(), NOTHING),
                arguments(PlantedFault.BELIEF_AFTER_FREEZE, 6, Set.of(REPLICA_FROZEN), ONE_IS_FROZEN),
                arguments(PlantedFault.LEASE_ENDED_WITHOUT_BELIEF, 8, Set.of(), NOTHING),
                arguments(PlantedFault.DOUBT_FORGOTTEN, 5, Set.of(ANSWER_LOST), NOTHING),
                arguments(PlantedFault.PUBLISHED_TOO_EARLY, 1, Set.of(), NOTHING),
                arguments(PlantedFault.ANY_SESSION_ENDED, 5, Set.of(ROUTER_RECONNECTS), NOTHING),
                arguments(PlantedFault.ANY_SESSION_ENDED, 6, Set.of(ROUTER_DIES), NOTHING),
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
    void eachPlantedFaultIsSearchedFor() {
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
