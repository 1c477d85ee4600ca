package dev.wayleave.examples.embed;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.embed.Machines.Machine;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The pure way: the host loads, decides by a pure function, and writes its row and the library's in one transaction.
 */
final class PureHost {

    private final DataSource dataSource;
    private final JdbcRoutingStore store;

    PureHost(DataSource dataSource) {
        this.dataSource = dataSource;
        this.store = JdbcRoutingStore.open(dataSource);
    }

    /**
     * Registers a machine with its routes: both are stored, or neither.
     *
     * @return false if another process wrote in between: decide again
     * @throws SQLException if nothing is stored; or if it is in doubt: registering again does no harm
     */
    boolean register(Machine machine, List<Prefix> prefixes, Instant now) throws SQLException {
        Optional<StoredTailnet> stored = store.load(Machines.TAILNET);
        RoutingState state = stored.map(found -> RoutingState.restore(found.rows(), now))
                .orElseGet(() -> RoutingState.empty(Machines.TAILNET, RoutingSettings.DEFAULT, now));
        Submission submission = Machines.registration(machine, prefixes);
        Step step = Routing.step(state, List.of(submission), now);
        if (step.results().get(0) instanceof SubmissionResult.Refused refused) {
            throw new IllegalArgumentException(refused.toString());
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Machines.insert(connection, machine);
                if (!(store.commit(connection, commit(step, stored.orElse(null), now))
                        instanceof CommitOutcome.Committed)) {
                    connection.rollback();
                    return false;
                }
                connection.clearWarnings();
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
            // on a PostgreSQL cluster a commit that a standby does not have yet returns normally, with a warning
            Optional<SQLException> doubt = store.doubt(connection);
            if (doubt.isPresent()) {
                throw doubt.get();
            }
            return true;
        }
    }

    private static Commit commit(Step step, @Nullable StoredTailnet stored, Instant now) {
        return new Commit(
                Machines.TAILNET,
                stored == null ? Revision.NONE : stored.revision(),
                stored == null ? null : stored.token(),
                new CommitToken(UUID.randomUUID().toString()),
                now,
                step.rowChanges(),
                step.events());
    }
}
