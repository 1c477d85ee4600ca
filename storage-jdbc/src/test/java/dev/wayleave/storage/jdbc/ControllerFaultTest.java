package dev.wayleave.storage.jdbc;

import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The way to one server is cut. */
@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class ControllerFaultTest extends ControllerFaults {

    @Override
    String newDatabaseUrl() {
        return PostgresServer.newDatabaseUrl();
    }
}
