package dev.wayleave.storage.jdbc;

import javax.sql.DataSource;

class H2ContractTest extends JdbcContract {

    private static final DataSource DATABASE =
            DataSources.ofUrl("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000");

    H2ContractTest() {
        super(DATABASE);
    }
}
