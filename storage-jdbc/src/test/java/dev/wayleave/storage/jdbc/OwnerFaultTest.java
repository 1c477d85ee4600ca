package dev.wayleave.storage.jdbc;

import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The faults of owners over one server. */
@EnabledIfSystemProperty(named = "wayleave.slow", matches = "true", disabledReason = "it waits for leases and graces")
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class OwnerFaultTest extends OwnerFaults {

    @Override
    String newDatabaseUrl() {
        return PostgresServer.newDatabaseUrl();
    }
}
