package dev.wayleave.storage.jdbc;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * Processes that share a tailnet over one server: one is killed and started again, one is frozen for longer than its
 * lease. {@code -Pslow} has more agents, closes one and starts it again, and goes on for half a minute.
 */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class SharedFaultTest extends SharedFaults {

    @Override
    String newDatabaseUrl() {
        return PostgresServer.newDatabaseUrl();
    }

    @Override
    int agentCount() {
        return Repetitions.SLOW ? 90 : 18;
    }

    @Override
    Duration lease() {
        return Duration.ofMillis(Repetitions.SLOW ? 1_500 : 1_000);
    }

    @Override
    Duration grace() {
        return Duration.ofMillis(500);
    }

    @Test
    void threeProcessesSurviveAKillAFreezeAndARestart() throws Exception {
        startAll();
        List<Agent> dead = agents().die(0);
        process(0).kill();
        process(1).signal("STOP");
        start(0).awaitOpen(); // under its old name: its old lease ends at once
        awaitLeaseEnd(1);
        Agents.revive(dead);
        process(1).signal("CONT");
        awaitBack(1, 1);
        restart(2, Duration.ZERO);
        if (Repetitions.SLOW) {
            load(Duration.ofSeconds(30));
        }
        // the frozen process may keep the row of the tailnet; a build that runs beside it keeps the machine
        check("killed, frozen, restarted", Duration.ofSeconds(Repetitions.SLOW ? 5 : 15));
    }
}
