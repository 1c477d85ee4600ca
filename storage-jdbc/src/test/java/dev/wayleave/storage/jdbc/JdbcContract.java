package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.RoutingStoreContract;
import javax.sql.DataSource;

/** The contract over one database, in which every store that is opened counts as a process of its own. */
abstract class JdbcContract extends RoutingStoreContract {

    private final DataSource dataSource;

    JdbcContract(DataSource dataSource) {
        this.dataSource = dataSource;
        JdbcSchema.of(dataSource).migrate();
    }

    @Override
    protected RoutingStore open() {
        return JdbcRoutingStore.open(dataSource);
    }
}
