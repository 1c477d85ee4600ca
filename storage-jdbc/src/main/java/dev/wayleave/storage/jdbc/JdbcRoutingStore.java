package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.LockedTailnet;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageException;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.TailnetOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tailnets as rows of PostgreSQL, SQLite or H2.
 *
 * <p>Several processes may use it at once; every call blocks on input and output. A call takes one connection from
 * the host's data source and gives it back, so use a pool. The README of the artifact describes the tables and their
 * columns for operators. {@link JdbcSchema} makes them.
 *
 * <p>A commit is one transaction: it compares and sets the revision first, so that writers of one tailnet wait for
 * each other only there. Then it sends one batch for each table that changed, and one more for its deleted rows.
 * A commit is as durable as the configuration of the database: PostgreSQL with {@code synchronous_commit = on}, its
 * default; SQLite with a write-ahead log, which {@link JdbcSchema#migrate} turns on, and {@code synchronous = full},
 * which this store sets; H2 writes its file before it returns, but does not wait for the disk.
 */
public final class JdbcRoutingStore implements RoutingStore {

    private final Transactions transactions;
    private final Dialect dialect;
    private final Tables tables;
    private final StoredSchema schema;
    private final CommitWriter writer;
    private final CommitTransaction commits;
    private final OwnerTable owners;
    private final TailnetTable tailnets;

    /** Null for a store that does not notify. */
    private final @Nullable Notifications notifications;

    private final DataSource dataSource;
    private final TableNames names;
    private final int known;

    /** How many rows a purge deletes in one transaction at most, so that no other writer waits long for it. */
    public static final int PURGE_PORTION = 10_000;

    private JdbcRoutingStore(DataSource dataSource, Dialect dialect, TableNames names, int known, boolean notifies) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.names = names;
        this.known = known;
        this.tables = new Tables(dialect, names, known);
        this.schema = new StoredSchema(dialect, names, known);
        this.transactions = new Transactions(dataSource, dialect, schema);
        this.notifications = notifies && dialect.hasNotifications() ? new Notifications(names) : null;
        this.writer = new CommitWriter(dialect, tables, schema);
        this.commits = new CommitTransaction(dialect, writer, notifications);
        this.owners = new OwnerTable(dialect, tables);
        this.tailnets = new TailnetTable(dialect, tables, owners);
    }

    /**
     * Opens the tables with the names of {@link TableNames#DEFAULT}, and checks that all columns are there. Blocks.
     *
     * @param dataSource the host's database
     * @return the store
     * @throws SchemaVersionException if the tables are not there, of a version that this library must not read, or not
     *     whole: then it names all tables and columns that are missing
     * @throws StorageUnavailableException if the database cannot be reached now
     * @throws StorageException if the database is not PostgreSQL, SQLite or H2
     */
    public static JdbcRoutingStore open(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource");
        return open(dataSource, TableNames.DEFAULT);
    }

    /**
     * Opens the tables with chosen names, and checks that all columns are there. Blocks.
     *
     * @param dataSource the host's database
     * @param names the beginning of the names of the tables
     * @return the store
     * @throws SchemaVersionException if the tables are not there, of a version that this library must not read, or not
     *     whole: then it names all tables and columns that are missing
     * @throws StorageUnavailableException if the database cannot be reached now
     * @throws StorageException if the database is not PostgreSQL, SQLite or H2
     */
    public static JdbcRoutingStore open(DataSource dataSource, TableNames names) {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(names, "names");
        return open(dataSource, names, JdbcSchema.VERSIONS.size());
    }

    /** Opens the tables as a library that knows the versions up to this one; the newest one except in tests. */
    static JdbcRoutingStore open(DataSource dataSource, TableNames names, int known) {
        try (Connection connection = dataSource.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            JdbcRoutingStore store = new JdbcRoutingStore(dataSource, dialect, names, known, false);
            try {
                store.schema.requireComplete(connection, store.tables);
            } catch (SQLException e) {
                throw dialect.exception(e);
            }
            return store;
        } catch (SQLException e) {
            throw Transactions.unreachable(e);
        }
    }

    /**
     * Returns a store of the same tables whose commits and deletions notify {@link CommitListener}s. Does not block.
     *
     * <p>Only PostgreSQL has notifications: on SQLite and H2 the store sends none. A notification follows its commit,
     * and delays its answer by one round trip; a commit in the host's transaction notifies in that transaction.
     *
     * @return the store that notifies
     */
    public JdbcRoutingStore withNotifications() {
        return new JdbcRoutingStore(dataSource, dialect, names, known, true);
    }

    @Override
    public Optional<StoredTailnet> load(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        return transactions.reading(connection -> RowReader.load(connection, dialect, tables, tailnet));
    }

    @Override
    public Optional<StoredChanges> changes(TailnetId tailnet, Revision since) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(since, "since");
        return transactions.reading((connection, beginning) ->
                new ChangeReader(dialect, tables, schema).read(connection, beginning, tailnet, since));
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        Objects.requireNonNull(commit, "commit");
        return transactions.inTurn(() -> commitAlone(commit));
    }

    @Override
    public List<TailnetId> tailnets() {
        return transactions.reading(tailnets::all);
    }

    @Override
    public List<LoggedCommit> commits(TailnetId tailnet, Revision from, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(from, "from");
        return transactions.reading(
                connection -> new CommitLog(dialect, tables).read(connection, tailnet, from, limit));
    }

    @Override
    public List<StoredEvent> events(TailnetId tailnet, EventPosition since, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(since, "since");
        return transactions.reading(
                connection -> eventReader(connection, tailnet).after(since, limit));
    }

    @Override
    public List<StoredEvent> eventsBefore(TailnetId tailnet, EventPosition before, int limit) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(before, "before");
        return transactions.reading(
                connection -> eventReader(connection, tailnet).before(before, limit));
    }

    private EventReader eventReader(Connection connection, TailnetId tailnet) {
        return new EventReader(connection, dialect, tables, tailnet);
    }

    @Override
    public boolean delete(TailnetId tailnet) {
        return deleteIf(null, Objects.requireNonNull(tailnet, "tailnet"));
    }

    @Override
    public boolean delete(TailnetId tailnet, Ownership claim) {
        Objects.requireNonNull(tailnet, "tailnet");
        return deleteIf(Objects.requireNonNull(claim, "claim"), tailnet);
    }

    private boolean deleteIf(@Nullable Ownership claim, TailnetId tailnet) {
        return transactions.changing(connection -> {
            boolean isDeleted = tailnets.delete(connection, tailnet, claim);
            if (isDeleted && notifications != null) {
                notifications.within(connection, tailnet, Revision.NONE);
            }
            return isDeleted;
        });
    }

    /**
     * Writes a commit inside a transaction of the host, which commits it together with the host's own rows. Blocks.
     *
     * <p>Neither commits nor rolls back, and changes no setting of the connection. The outcome holds once the host's
     * transaction is committed, not before. The host checks that the commit succeeds and {@linkplain #doubt is not in
     * doubt}, and configures its durability: on SQLite with {@code pragma synchronous = full}. After a conflict, and
     * after any exception, the host rolls back.
     *
     * @param connection a connection to the same database, in a transaction
     * @param commit the commit
     * @return {@link CommitOutcome.Committed}, {@link CommitOutcome.Conflict} or {@link CommitOutcome.Fenced}
     * @throws IllegalArgumentException if the connection commits each statement by itself
     * @throws StorageUnavailableException if the database cannot go on now
     * @throws StorageException if the database refuses a statement
     */
    public CommitOutcome commit(Connection connection, Commit commit) {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(commit, "commit");
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "the connection commits each statement by itself: turn that off, and commit afterwards");
            }
            CommitOutcome refused = writer.write(connection, commit).orElse(null);
            if (refused != null) {
                return refused;
            }
            Revision made = commit.expected().next();
            if (notifications != null) {
                notifications.within(connection, commit.tailnet(), made);
            }
            return new CommitOutcome.Committed(made);
        } catch (SQLException e) {
            return commits.conflict(e);
        }
    }

    /**
     * Returns whether a commit of the host's own transaction, which returned normally, may still be lost. PostgreSQL
     * ends a commit so whose wait for a synchronous standby was cancelled: it is committed locally only, and a warning
     * of the connection is the only sign. Does not block.
     *
     * <p>Call {@link Connection#clearWarnings} before {@link Connection#commit}, and this right after it. Where there
     * is a doubt, do not answer yet: the change is stored for good once a later commit of the host succeeded without a
     * doubt.
     *
     * @param connection the connection of the transaction, after its commit and before any other call
     * @return the warning; empty if the commit is durable on all servers that the database is set to wait for
     * @throws StorageUnavailableException if the connection is broken
     */
    public Optional<SQLException> doubt(Connection connection) {
        Objects.requireNonNull(connection, "connection");
        try {
            return Optional.ofNullable(dialect.doubt(connection.getWarnings()));
        } catch (SQLException e) {
            throw dialect.exception(e);
        }
    }

    /**
     * Deletes old events, and rows of deleted routes, for good. No other method does so; call it from time to time,
     * from one process. Blocks.
     *
     * <p>Deletes in portions of {@value #PURGE_PORTION} rows, each in a transaction of its own, so that commits go on
     * in between.
     *
     * @param routesDeletedBefore rows of routes that were deleted earlier are deleted; a route that is advertised again
     *     later gets a new id
     * @param eventsBefore events that happened earlier are deleted
     * @return how many rows were deleted
     * @throws StorageUnavailableException if the database cannot be reached now; the portions before stay deleted
     * @throws StorageException if the database refuses a statement; the portions before stay deleted
     */
    @CanIgnoreReturnValue
    public PurgeResult purge(Instant routesDeletedBefore, Instant eventsBefore) {
        Objects.requireNonNull(routesDeletedBefore, "routesDeletedBefore");
        Objects.requireNonNull(eventsBefore, "eventsBefore");
        return purge(routesDeletedBefore, eventsBefore, PURGE_PORTION);
    }

    /** With portions of another size. */
    PurgeResult purge(Instant routesDeletedBefore, Instant eventsBefore, int portion) {
        Purge purge = new Purge(transactions, dialect, portion);
        return new PurgeResult(
                purge.rows(tables.purgeRoutes, routesDeletedBefore), purge.rows(tables.purgeEvents, eventsBefore));
    }

    private CommitOutcome commitAlone(Commit commit) {
        try {
            return transactions.writing(connection -> commits.commit(connection, commit));
        } catch (SQLException e) {
            return commits.conflict(e);
        }
    }

    @Override
    public <T> T withLock(TailnetId tailnet, Function<? super LockedTailnet, T> work) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(work, "work");
        return transactions.inTurn(() -> {
            try {
                return transactions.writing(connection -> {
                    tailnets.lock(connection, tailnet);
                    return work.apply(
                            new LockedRow(connection, tailnet, transactions, dialect, tables, schema, commits));
                });
            } catch (SQLException e) {
                throw dialect.exception(e);
            }
        });
    }

    // ---- replicas and owners

    @Override
    public Lease joinReplica(ReplicaId replica, CommitToken incarnation, Duration length) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        Lease.checkLength(length);
        return transactions.changing(connection -> owners.join(connection, replica, incarnation, length));
    }

    @Override
    public Optional<Lease> renewLease(ReplicaId replica, CommitToken incarnation) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        return transactions.changing(connection -> owners.renew(connection, replica, incarnation));
    }

    @Override
    public Optional<Lease> lease(ReplicaId replica) {
        Objects.requireNonNull(replica, "replica");
        return transactions.reading(connection -> owners.lease(connection, replica));
    }

    @Override
    public void leaveReplica(ReplicaId replica, CommitToken incarnation) {
        Objects.requireNonNull(replica, "replica");
        Objects.requireNonNull(incarnation, "incarnation");
        var unused = transactions.changing(connection -> owners.leave(connection, replica, incarnation));
    }

    @Override
    public List<Lease> leases() {
        return transactions.reading(owners::leases);
    }

    @Override
    public boolean endLease(Lease seen) {
        Objects.requireNonNull(seen, "seen");
        return transactions.changing(connection -> owners.end(connection, seen));
    }

    @Override
    public List<TailnetId> orphaned() {
        return transactions.reading(owners::orphaned);
    }

    @Override
    public SortedMap<TailnetId, Long> ownedBy(ReplicaId replica) {
        Objects.requireNonNull(replica, "replica");
        return transactions.reading(connection -> owners.ownedBy(connection, replica));
    }

    @Override
    public Optional<TailnetOwner> owner(TailnetId tailnet) {
        Objects.requireNonNull(tailnet, "tailnet");
        return transactions.reading(connection -> owners.owner(connection, tailnet));
    }

    @Override
    public Optional<TailnetOwner> own(TailnetId tailnet, long epoch, ReplicaId replica) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(replica, "replica");
        return transactions.changing(connection -> owners.own(connection, tailnet, epoch, replica));
    }

    @Override
    public boolean disown(TailnetId tailnet, long epoch, ReplicaId replica) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(replica, "replica");
        return transactions.changing(connection -> owners.disown(connection, tailnet, epoch, replica));
    }
}
