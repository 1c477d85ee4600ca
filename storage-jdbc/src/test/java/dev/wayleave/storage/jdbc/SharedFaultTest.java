package dev.wayleave.storage.jdbc;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A kill, a freeze and a restart of processes that share a tailnet over one server. */
@EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for leases and graces")
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class SharedFaultTest extends SharedFaults {

    @Override
    String newDatabaseUrl() {
        return PostgresServer.newDatabaseUrl();
    }

    @Override
    int routers() {
        return 2;
    }

    @Test
    void threeProcessesSurviveAKillAFreezeAndARestart() throws Exception {
        killOneAndFreezeAnother();
    }
}
