package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.row.Absence;
import dev.wayleave.row.SessionRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the session or the absence in the row of a node. The columns are those of {@link Tables}. */
final class SessionColumns {

    private final ResultSet row;
    private final Dialect dialect;

    SessionColumns(ResultSet row, Dialect dialect) {
        this.row = row;
        this.dialect = dialect;
    }

    @Nullable
    Absence absence() throws SQLException {
        Instant since = TimeText.read(row, 15, dialect);
        Instant until = TimeText.read(row, 16, dialect);
        if (since == null && until != null) {
            throw new IllegalArgumentException("grace_until needs absent_since");
        }
        return since == null ? null : new Absence(since, until);
    }

    @Nullable
    SessionRow session() throws SQLException {
        String holder = row.getString(17);
        String session = row.getString(18);
        Health health = row.getBoolean(19) ? Health.UNHEALTHY : Health.HEALTHY;
        Instant steadySince = TimeText.read(row, 20, dialect);
        if (holder == null && session == null && health == Health.HEALTHY && steadySince == null) {
            return null;
        }
        return new SessionRow(
                holder == null ? null : new SessionHolder(holder),
                session == null ? null : new SessionId(session),
                health,
                steadySince);
    }
}
