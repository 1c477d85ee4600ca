package dev.wayleave.storage.jdbc;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LockedTailnet;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A tailnet whose row is locked by the transaction of a connection. */
record LockedRow(
        Connection connection,
        TailnetId tailnet,
        Transactions transactions,
        Dialect dialect,
        Tables tables,
        StoredSchema schema,
        CommitTransaction commits)
        implements LockedTailnet {

    @Override
    public Optional<StoredTailnet> load() {
        return transactions.reading(connection, within -> RowReader.load(within, dialect, tables, tailnet));
    }

    @Override
    public Optional<StoredChanges> changes(Revision since) {
        Objects.requireNonNull(since, "since");
        return transactions.reading(
                connection,
                (within, beginning) ->
                        new ChangeReader(dialect, tables, schema).read(within, beginning, tailnet, since));
    }

    @Override
    public List<LoggedCommit> commits(Revision from, int limit) {
        Objects.requireNonNull(from, "from");
        return transactions.reading(
                connection, within -> new CommitLog(dialect, tables).read(within, tailnet, from, limit));
    }

    @Override
    public List<StoredEvent> events(EventPosition since, int limit) {
        Objects.requireNonNull(since, "since");
        return transactions.reading(
                connection, within -> new EventReader(within, dialect, tables, tailnet).after(since, limit));
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        return commits.commit(connection, Objects.requireNonNull(commit, "commit"));
    }
}
