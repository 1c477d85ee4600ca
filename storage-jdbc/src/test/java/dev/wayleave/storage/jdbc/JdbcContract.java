package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.contract.KeptEvent;
import dev.wayleave.storage.contract.RoutingStoreContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The contract over one database, in which every store that is opened is another process to the others. */
abstract class JdbcContract extends RoutingStoreContract {

    private final DataSource dataSource;
    private final boolean hasTimes;

    JdbcContract(DataSource dataSource, boolean hasTimes) {
        this.dataSource = dataSource;
        this.hasTimes = hasTimes;
        JdbcSchema.of(dataSource).migrate();
    }

    @Override
    protected RoutingStore open() {
        return JdbcRoutingStore.open(dataSource);
    }

    @Override
    protected List<KeptEvent> events(TailnetId tailnet) {
        String select = "select revision, happened_at, actor, correlation_id, node, prefix from wayleave_event "
                + "where tailnet = ? order by revision, ordinal";
        List<KeptEvent> events = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, tailnet.value());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    events.add(new KeptEvent(
                            new Revision(row.getLong(1)),
                            hasTimes
                                    ? row.getObject(2, OffsetDateTime.class).toInstant()
                                    : Instant.parse(row.getString(2)),
                            Optional.ofNullable(row.getString(3)).map(Actor::new),
                            Optional.ofNullable(row.getString(4)),
                            Optional.ofNullable(row.getString(5))
                                    .map(Long::valueOf)
                                    .map(NodeId::new),
                            Optional.ofNullable(row.getString(6)).map(Prefix::parse)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return events;
    }
}
