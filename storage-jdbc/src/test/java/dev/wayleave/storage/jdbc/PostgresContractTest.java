package dev.wayleave.storage.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

@DisabledIfSystemProperty(named = "wayleave.postgres", matches = "off", disabledReason = "this run does without")
class PostgresContractTest extends JdbcContract {

    private static final DataSource DATABASE = PostgresServer.newDatabase();

    PostgresContractTest() {
        super(DATABASE);
    }
}
