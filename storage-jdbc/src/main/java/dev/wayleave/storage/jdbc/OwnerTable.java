package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.StoredRowsException;
import dev.wayleave.storage.TailnetOwner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads and writes the leases of replicas and the owners of tailnets, in transactions that the caller ends. */
final class OwnerTable {

    private final Dialect dialect;
    private final Tables tables;
    private final String insertLease;
    private final String forget;
    private final String rejoin;
    private final String renew;
    private final String leave;
    private final String end;
    private final String selectLease;
    private final String selectLeases;
    private final String lockLease;
    private final String countTakeover;
    private final String own;
    private final String disown;
    private final String beginOwner;
    private final String selectOwner;
    private final String selectOwned;
    private final String selectOrphaned;

    OwnerTable(Dialect dialect, Tables tables) {
        this.dialect = dialect;
        this.tables = tables;
        String now = dialect.storeTime();
        this.insertLease = dialect.insertIfAbsent(tables.replica, Tables.replicaColumns());
        this.forget = "delete from " + tables.replica + " where replica_id = ?";
        this.rejoin =
                "update " + tables.replica + " set incarnation = ?, lease_millis = ?, renewals = 0, takeovers = 0, "
                        + "joined_at = " + now + ", renewed_at = " + now + " where replica_id = ?";
        this.renew = "update " + tables.replica + " set renewals = renewals + 1, renewed_at = " + now
                + " where replica_id = ? and incarnation = ?";
        this.leave = "delete from " + tables.replica + " where replica_id = ? and incarnation = ?";
        this.end = leave + " and renewals = ?";
        this.selectLeases = "select incarnation, lease_millis, renewals, takeovers, joined_at, renewed_at, replica_id "
                + "from " + tables.replica;
        this.selectLease = selectLeases + " where replica_id = ?";
        this.lockLease =
                "select 1 from " + tables.replica + " where replica_id = ? and incarnation = ?" + dialect.shareLock();
        this.countTakeover =
                "update " + tables.replica + " set takeovers = takeovers + 1 where replica_id = (select owner "
                        + "from " + tables.tailnet + " where tailnet = ? and owner_epoch = ?) and replica_id <> ?";
        this.own = "update " + tables.tailnet + " set owner = ?, owner_epoch = owner_epoch + 1, owned_since = " + now
                + " where tailnet = ? and owner_epoch = ?";
        this.disown = "update " + tables.tailnet
                + " set owner = null, owned_since = null where tailnet = ? and owner_epoch = ? and owner = ?";
        this.beginOwner = "update " + tables.tailnet + " set owned_since = " + now + " where tailnet = ?";
        this.selectOwned = "select tailnet, owner_epoch from " + tables.tailnet + " where owner = ?";
        this.selectOrphaned = "select distinct n.tailnet from " + tables.node + " n join " + tables.tailnet
                + " t on t.tailnet = n.tailnet where (n.was_candidate or n.ephemeral) and not exists (select 1 from "
                + tables.replica + " r where r.replica_id = t.owner or r.incarnation = n.session_holder)";
        this.selectOwner = "select owner, owner_epoch, owned_since from " + tables.tailnet + " where tailnet = ?";
    }

    /** Fills the parameters of a statement. */
    @FunctionalInterface
    private interface StatementFiller {
        void fill(Parameters parameters) throws SQLException;
    }

    /** {@return how many rows a statement changed} */
    @CanIgnoreReturnValue
    private int update(Connection connection, String sql, StatementFiller filler) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            filler.fill(new Parameters(statement, dialect));
            return statement.executeUpdate();
        }
    }

    private <T> Optional<T> select(
            Connection connection, String table, String sql, String key, Selects.ValueReader<T> reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            new Parameters(statement, dialect).text(key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(reader.read(row)) : Optional.empty();
            }
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            throw new StoredRowsException(
                    List.of(new StoredRowsException.Row(table, key, String.valueOf(e.getMessage()))));
        }
    }

    // ---- leases

    /** Deletes the lease of an earlier start: a commit of that one comes before, or is fenced. */
    Lease join(Connection connection, ReplicaId replica, CommitToken incarnation, Duration length) throws SQLException {
        update(connection, forget, parameters -> parameters.text(replica.value()));
        update(
                connection,
                insertLease,
                parameters -> parameters
                        .text(replica.value())
                        .text(incarnation.value())
                        .number(length.toMillis())
                        .number(0)
                        .number(0)
                        .time(Instant.EPOCH)
                        .time(Instant.EPOCH));
        update(
                connection,
                rejoin,
                parameters -> parameters
                        .text(incarnation.value())
                        .number(length.toMillis())
                        .text(replica.value()));
        return lease(connection, replica).orElseThrow();
    }

    Optional<Lease> renew(Connection connection, ReplicaId replica, CommitToken incarnation) throws SQLException {
        int renewed = update(
                connection,
                renew,
                parameters -> parameters.text(replica.value()).text(incarnation.value()));
        return renewed == 1 ? lease(connection, replica) : Optional.empty();
    }

    boolean leave(Connection connection, ReplicaId replica, CommitToken incarnation) throws SQLException {
        int deleted = update(
                connection,
                leave,
                parameters -> parameters.text(replica.value()).text(incarnation.value()));
        return deleted == 1;
    }

    Optional<Lease> lease(Connection connection, ReplicaId replica) throws SQLException {
        return select(connection, tables.replica, selectLease, replica.value(), this::lease);
    }

    private Lease lease(ResultSet row) throws SQLException {
        return new Lease(
                new ReplicaId(row.getString(7)),
                new CommitToken(row.getString(1)),
                Duration.ofMillis(row.getLong(2)),
                row.getLong(3),
                row.getLong(4),
                Objects.requireNonNull(TimeText.read(row, 5, dialect), "joined_at"),
                Objects.requireNonNull(TimeText.read(row, 6, dialect), "renewed_at"));
    }

    /** {@return all leases, in the order of the replicas} */
    List<Lease> leases(Connection connection) throws SQLException {
        List<Lease> leases = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(selectLeases);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                leases.add(lease(row));
            }
        } catch (IllegalArgumentException | DateTimeException | NullPointerException e) {
            throw new StoredRowsException(
                    List.of(new StoredRowsException.Row(tables.replica, "lease", String.valueOf(e.getMessage()))));
        }
        leases.sort(Comparator.comparing(Lease::replica));
        return leases;
    }

    boolean end(Connection connection, Lease seen) throws SQLException {
        int deleted = update(
                connection,
                end,
                parameters -> parameters
                        .text(seen.replica().value())
                        .text(seen.incarnation().value())
                        .number(seen.renewals()));
        return deleted == 1;
    }

    /** Of a writer that shares a tailnet: its lease stays until the end of the transaction. */
    boolean hasLease(Connection connection, Ownership claim) throws SQLException {
        ReplicaId replica = claim.replicaOrNull();
        CommitToken lease = claim.leaseOrNull();
        if (replica == null || lease == null) {
            return true;
        }
        try (PreparedStatement statement = connection.prepareStatement(lockLease)) {
            new Parameters(statement, dialect).text(replica.value()).text(lease.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    // ---- owners

    Optional<TailnetOwner> owner(Connection connection, TailnetId tailnet) throws SQLException {
        return select(connection, tables.tailnet, selectOwner, tailnet.value(), row -> {
            String owner = row.getString(1);
            return new TailnetOwner(
                    owner == null ? null : new ReplicaId(owner), row.getLong(2), TimeText.read(row, 3, dialect));
        });
    }

    SortedMap<TailnetId, Long> ownedBy(Connection connection, ReplicaId replica) throws SQLException {
        SortedMap<TailnetId, Long> owned = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(selectOwned)) {
            new Parameters(statement, dialect).text(replica.value());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    owned.put(new TailnetId(row.getString(1)), row.getLong(2));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new StoredRowsException(List.of(
                    new StoredRowsException.Row(tables.tailnet, replica.value(), String.valueOf(e.getMessage()))));
        }
        return owned;
    }

    /** {@return the orphaned tailnets, in their order} */
    List<TailnetId> orphaned(Connection connection) throws SQLException {
        List<TailnetId> orphaned = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(selectOrphaned);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                orphaned.add(new TailnetId(row.getString(1)));
            }
        } catch (IllegalArgumentException e) {
            throw new StoredRowsException(
                    List.of(new StoredRowsException.Row(tables.node, "tailnet", String.valueOf(e.getMessage()))));
        }
        orphaned.sort(Comparator.naturalOrder());
        return orphaned;
    }

    Optional<TailnetOwner> own(Connection connection, TailnetId tailnet, long epoch, ReplicaId replica)
            throws SQLException {
        update(
                connection,
                countTakeover,
                parameters -> parameters.text(tailnet.value()).number(epoch).text(replica.value()));
        int owned = update(
                connection,
                own,
                parameters ->
                        parameters.text(replica.value()).text(tailnet.value()).number(epoch));
        if (owned != 1) {
            connection.rollback();
            return Optional.empty();
        }
        return owner(connection, tailnet);
    }

    boolean disown(Connection connection, TailnetId tailnet, long epoch, ReplicaId replica) throws SQLException {
        int disowned = update(
                connection,
                disown,
                parameters -> parameters.text(tailnet.value()).number(epoch).text(replica.value()));
        return disowned == 1;
    }

    /** The first commit of a tailnet made its owner: the database sets since when. */
    void begin(Connection connection, TailnetId tailnet) throws SQLException {
        update(connection, beginOwner, parameters -> parameters.text(tailnet.value()));
    }
}
