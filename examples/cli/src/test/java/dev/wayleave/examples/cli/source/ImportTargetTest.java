package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.inmemory.InMemoryRoutingStore;
import dev.wayleave.storage.jdbc.headscale.HeadscaleImport;
import dev.wayleave.storage.jdbc.headscale.ImportChoices;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an import when the store answers this or that. */
class ImportTargetTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);
    private static final TailnetId TAILNET = new TailnetId("t");
    private static final Prefix TEN = Prefix.parse("10.0.0.0/8");

    @TempDir
    Path folder;

    private HeadscaleImport read;
    private final RoutingStore store = new InMemoryRoutingStore();

    @BeforeEach
    void readDatabase() throws SQLException {
        Path file = folder.resolve("headscale.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id integer, deleted_at datetime, name text)");
            statement.execute(
                    "CREATE TABLE nodes (id integer, machine_key text, hostname text, user_id integer, created_at"
                            + " datetime, deleted_at datetime)");
            statement.execute(
                    "CREATE TABLE routes (id integer, deleted_at datetime, node_id integer, prefix text, advertised"
                            + " numeric, enabled numeric, is_primary numeric)");
            statement.execute("INSERT INTO users VALUES (1, NULL, 'ada')");
            statement.execute("INSERT INTO nodes VALUES (3, 'mkey:03', 'a', 1, '2024-05-05 10:00:00Z', NULL)");
            statement.execute("INSERT INTO nodes VALUES (4, 'mkey:04', 'b', 1, '2024-05-06 10:00:00Z', NULL)");
            statement.execute("INSERT INTO routes VALUES (1, NULL, 3, '10.0.0.0/8', 1, 1, 0)");
            statement.execute("INSERT INTO routes VALUES (2, NULL, 4, '10.0.0.0/8', 1, 1, 1)");
        }
        read = HeadscaleImport.read(Databases.headscale(file.toString()));
    }

    private ImportTarget target(BiFunction<RoutingStore, Commit, CommitOutcome> commit) {
        RoutingStore answering = (RoutingStore) Proxy.newProxyInstance(
                RoutingStore.class.getClassLoader(),
                new Class<?>[] {RoutingStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        return commit.apply(store, (Commit) arguments[0]);
                    }
                    return method.invoke(store, arguments);
                });
        return new ImportTarget(answering, TAILNET, ImportChoices.withoutPolicy(), CLOCK);
    }

    private StoredTailnet stored() {
        return store.load(TAILNET).orElseThrow();
    }

    private static void anotherProcessCommits(RoutingStore store) {
        RoutingState empty = RoutingState.empty(TAILNET, RoutingSettings.DEFAULT, CLOCK.instant());
        Node node = Node.builder(new NodeId(70), "here", Owner.tags("tag:here")).build();
        Step step = Routing.step(
                empty, List.of(Submission.of(new Actor("host"), new Command.RegisterNode(node))), CLOCK.instant());
        RowChanges change = new RowChanges(
                new TailnetRow(TAILNET, empty.settings(), empty.policy()),
                step.rowChanges().users(),
                step.rowChanges().nodes(),
                step.rowChanges().routes());
        assertThat(store.commit(new Commit(
                        TAILNET, Revision.NONE, null, new CommitToken("host"), CLOCK.instant(), change, step.events())))
                .isInstanceOf(CommitOutcome.Committed.class);
    }

    @Test
    void aNewTailnetBeginsWithTheImportAndItsIncumbents() {
        ImportTarget.Result result = target(RoutingStore::commit).write(read);
        assertThat(result.revision()).contains(new Revision(1));
        RoutingState restored = RoutingState.restore(stored().rows(), CLOCK.instant());
        assertThat(restored.primary(TEN)).contains(new NodeId(4));
        assertThat(restored.settings()).isEqualTo(RoutingSettings.DEFAULT);
    }

    @Test
    void importingTwiceWritesOnce() {
        ImportTarget target = target(RoutingStore::commit);
        assertThat(target.write(read).revision()).contains(new Revision(1));
        assertThat(target.write(read).revision()).isEmpty();
        assertThat(stored().revision()).isEqualTo(new Revision(1));
    }

    @Test
    void aPlanWritesNothing() {
        assertThat(target(RoutingStore::commit).plan(read).submissions()).hasSize(3);
        assertThat(store.load(TAILNET)).isEmpty();
    }

    @Test
    void aConflictIsDecidedAgainOnWhatIsThere() {
        int[] calls = {0};
        ImportTarget.Result result = target((inner, commit) -> {
                    if (calls[0]++ == 0) {
                        anotherProcessCommits(inner);
                    }
                    return inner.commit(commit);
                })
                .write(read);
        assertThat(calls[0]).isEqualTo(2);
        assertThat(result.revision()).contains(new Revision(2));
        assertThat(stored().rows().nodes()).hasSize(3);
    }

    @Test
    void anUnknownOutcomeThatWasWrittenIsFoundByItsToken() {
        ImportTarget.Result result = target((inner, commit) -> {
                    assertThat(inner.commit(commit)).isInstanceOf(CommitOutcome.Committed.class);
                    return new CommitOutcome.Unknown(new SQLException("cut"));
                })
                .write(read);
        assertThat(result.revision()).contains(new Revision(1));
    }

    @Test
    void anUnknownOutcomeThatWasNotWrittenIsTriedAgain() {
        int[] calls = {0};
        ImportTarget.Result result = target((inner, commit) ->
                        calls[0]++ == 0 ? new CommitOutcome.Unknown(new SQLException("cut")) : inner.commit(commit))
                .write(read);
        assertThat(result.revision()).contains(new Revision(1));
    }

    @Test
    void aTailnetThatKeepsChangingIsGivenUp() {
        ImportTarget target = target((inner, commit) -> new CommitOutcome.Conflict());
        assertThatThrownBy(() -> target.write(read))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("`t`");
    }
}
