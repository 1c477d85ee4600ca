package dev.wayleave.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.Absence;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.SessionRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.FencedException;
import dev.wayleave.storage.Lease;
import dev.wayleave.storage.LockedTailnet;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.Ownership;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoreHistoryException;
import dev.wayleave.storage.StoredChanges;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.TailnetOwner;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every promise of {@link RoutingStore} as a test. An adapter extends this class, implements how to open a store and
 * how many events it keeps, and adds tests of its own promises.
 *
 * <p>Each test has tailnets of its own, with names that no other test uses: one database may serve all of them, and
 * more than one test at a time.
 */
public abstract class RoutingStoreContract {

    private static final int THREADS = 16;

    /**
     * Opens the data that all tests share, each time as another process would: a store without a process returns
     * itself.
     */
    protected abstract RoutingStore open();

    /** How many events of a tailnet are kept at least: the newest. */
    protected int mostEvents() {
        return Integer.MAX_VALUE;
    }

    /** How often each of the 16 writers writes. More for long runs. */
    protected int writes() {
        return Boolean.getBoolean("wayleave.slow") ? 100 : 4;
    }

    private final TailnetId tailnet = fresh("contract");
    private RoutingStore store;

    @BeforeEach
    void openOne() {
        store = open();
    }

    private static TailnetId fresh(String name) {
        return new TailnetId(name + " " + UUID.randomUUID());
    }

    private static CommitToken token() {
        return new CommitToken(UUID.randomUUID().toString());
    }

    private static Commit commit(TailnetId tailnet, long expected, RowChanges change) {
        return commit(tailnet, expected, null, change);
    }

    private static Commit commit(
            TailnetId tailnet, long expected, @Nullable CommitToken expectedToken, RowChanges change) {
        return new Commit(tailnet, new Revision(expected), expectedToken, token(), SampleRows.AT, change, List.of());
    }

    private static CommitOutcome written(long revision) {
        return new CommitOutcome.Committed(new Revision(revision));
    }

    private StateRows create(StateRows rows) {
        TailnetId created = rows.tailnet().tailnet();
        assertThat(store.commit(commit(created, 0, SampleRows.creating(rows)))).isEqualTo(written(1));
        return rows;
    }

    /** All events that are kept of a tailnet, in their order. */
    private List<StoredEvent> events(TailnetId of) {
        return open().events(of, EventPosition.START, Integer.MAX_VALUE);
    }

    private static List<StoredEvent> stored(Revision revision, Commit commit) {
        List<StoredEvent> stored = new ArrayList<>();
        for (RouteEvent event : commit.events()) {
            stored.add(StoredEvent.of(new EventPosition(revision, stored.size()), commit.at(), event));
        }
        return stored;
    }

    private static void assertRows(StateRows actual, StateRows expected) {
        assertThat(Differences.of(actual, expected))
                .as("differences of the rows")
                .isEmpty();
        assertThat(actual.equals(expected)).as("the rows are equal").isTrue();
    }

    private static void assertEvents(List<StoredEvent> actual, List<StoredEvent> expected) {
        assertThat(Differences.of(actual, expected))
                .as("differences of the events")
                .isEmpty();
    }

    private static void assertSame(@Nullable StoredTailnet actual, @Nullable StoredTailnet expected) {
        if (actual == null || expected == null) {
            assertThat(actual).isEqualTo(expected);
            return;
        }
        assertThat(actual.revision()).isEqualTo(expected.revision());
        assertThat(actual.token()).isEqualTo(expected.token());
        assertRows(actual.rows(), expected.rows());
    }

    private void assertStored(TailnetId of, Revision revision, CommitToken token, StateRows rows) {
        StoredTailnet stored = store.load(of).orElseThrow();
        assertThat(stored.revision()).isEqualTo(revision);
        assertThat(stored.token()).isEqualTo(token);
        assertRows(stored.rows(), rows);
    }

    private StateRows loaded(TailnetId from) {
        return store.load(from).orElseThrow().rows();
    }

    // ---- the log of commits

    @Test
    void theLogHasRevisionTokenAndTimeOfEachCommit() {
        List<LoggedCommit> made = new ArrayList<>();
        for (long expected = 0; expected < 5; expected++) {
            Commit commit = new Commit(
                    tailnet,
                    new Revision(expected),
                    null,
                    token(),
                    SampleRows.AT.plusSeconds(expected).plusNanos(4_567),
                    expected == 0 ? SampleRows.creating(SampleRows.empty(tailnet)) : RowChanges.none(),
                    List.of());
            assertThat(store.commit(commit)).isEqualTo(written(expected + 1));
            made.add(new LoggedCommit(new Revision(expected + 1), commit.token(), SampleRows.AT.plusSeconds(expected)));
        }

        assertThat(open().commits(tailnet, new Revision(1), 100)).isEqualTo(made);
        assertThat(open().commits(tailnet, Revision.NONE, 2)).isEqualTo(made.subList(0, 2));
        assertThat(open().commits(tailnet, new Revision(4), 2)).isEqualTo(made.subList(3, 5));
        assertThat(open().commits(tailnet, new Revision(6), 2)).isEmpty();
        assertThat(open().commits(fresh("other"), Revision.NONE, 2)).isEmpty();
        assertThatThrownBy(() -> store.commits(tailnet, Revision.NONE, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCommitThatConflictsIsNotInTheLogAndADeletedTailnetHasNone() {
        create(SampleRows.empty(tailnet));
        assertThat(store.commit(commit(tailnet, 7, RowChanges.none()))).isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.commits(tailnet, Revision.NONE, 100)).hasSize(1);

        store.delete(tailnet);

        assertThat(store.commits(tailnet, Revision.NONE, 100)).isEmpty();
    }

    // ---- changes since a revision

    @Test
    void changesSinceAnyRevisionMakeTheNewestRowsOfThatRevisionsRows() {
        Map<Revision, Commit> written = new ConcurrentSkipListMap<>();
        List<StoredTailnet> history = new ArrayList<>();
        RandomWriter writer = new RandomWriter(store, tailnet, 7);
        for (int i = 0; i < 6 * writes(); i++) {
            writer.write(1, written);
            StoredTailnet now = store.load(tailnet).orElseThrow();
            history.add(now);
            assertFollows(history.get(i / 2), now, written);
        }

        StoredTailnet now = history.get(history.size() - 1);
        history.forEach(since -> assertFollows(since, now, written));
        List<RowChanges> commits =
                written.values().stream().skip(1).map(Commit::rowChanges).toList();
        assertThat(List.of(
                        commits.stream().anyMatch(each -> each.tailnet().isPresent()),
                        commits.stream()
                                .anyMatch(each -> !each.users().deletes().isEmpty()),
                        commits.stream()
                                .anyMatch(each -> !each.nodes().deletes().isEmpty()),
                        commits.stream()
                                .anyMatch(each -> !each.routes().deletes().isEmpty())))
                .as("the history has changes of the settings, and deleted users, nodes and routes")
                .containsOnly(true);
    }

    /** The changes lead from one revision to the newest, and list no row that no commit in between wrote. */
    private void assertFollows(StoredTailnet since, StoredTailnet now, Map<Revision, Commit> written) {
        StoredChanges changes = store.changes(tailnet, since.revision()).orElseThrow();
        assertThat(changes)
                .isEqualTo(new StoredChanges(
                        since.revision(), since.token(), now.revision(), now.token(), changes.rowChanges()));
        assertRows(changes.rowChanges().applyTo(since.rows()), now.rows());

        List<RowChanges> commits = written.entrySet().stream()
                .filter(entry -> entry.getKey().compareTo(since.revision()) > 0)
                .map(entry -> entry.getValue().rowChanges())
                .toList();
        assertThat(changes.rowChanges().tailnet().isPresent())
                .as("the row of the tailnet")
                .isEqualTo(commits.stream().anyMatch(each -> each.tailnet().isPresent()));
        assertListed(changes.rowChanges(), commits, RowChanges::users, User::id);
        assertListed(
                changes.rowChanges(),
                commits,
                RowChanges::nodes,
                row -> row.facts().id());
        assertListed(changes.rowChanges(), commits, RowChanges::routes, RouteRow::key);
    }

    /** Each key once, in order, and only if a commit wrote or deleted it. */
    private static <R, K extends Comparable<? super K>> void assertListed(
            RowChanges changes,
            List<RowChanges> commits,
            Function<RowChanges, RowChanges.Rows<R, K>> table,
            Function<R, K> key) {
        List<K> upserts = table.apply(changes).upserts().stream().map(key).toList();
        List<K> deletes = table.apply(changes).deletes();
        assertThat(upserts).isSorted().doesNotHaveDuplicates();
        assertThat(deletes).isSorted().doesNotHaveDuplicates().noneMatch(upserts::contains);
        Set<K> written = new HashSet<>();
        for (RowChanges commit : commits) {
            table.apply(commit).upserts().forEach(row -> written.add(key.apply(row)));
            written.addAll(table.apply(commit).deletes());
        }
        assertThat(written).containsAll(upserts).containsAll(deletes);
    }

    @Test
    void everyColumnOfAChangedRowComesBackAsItWas() {
        StateRows rich = SampleRows.rich(tailnet);
        create(SampleRows.empty(tailnet));
        assertThat(store.commit(commit(tailnet, 1, SampleRows.creating(rich)))).isEqualTo(written(2));
        assertThat(open().changes(tailnet, new Revision(1)).orElseThrow().rowChanges())
                .isEqualTo(SampleRows.creating(rich));

        RowChanges turned = SampleRows.turned(rich);
        assertThat(store.commit(commit(tailnet, 2, turned))).isEqualTo(written(3));
        assertRows(
                store.changes(tailnet, new Revision(2))
                        .orElseThrow()
                        .rowChanges()
                        .applyTo(rich),
                turned.applyTo(rich));
    }

    @Test
    void sinceTheNewestRevisionNothingChanged() {
        create(SampleRows.rich(tailnet));
        StoredTailnet stored = store.load(tailnet).orElseThrow();

        assertThat(store.changes(tailnet, stored.revision()))
                .contains(new StoredChanges(
                        stored.revision(), stored.token(), stored.revision(), stored.token(), RowChanges.none()));
    }

    @Test
    void aCommitWithoutARowChangesNothingButTheRevision() {
        create(SampleRows.rich(tailnet));
        CommitToken first = store.load(tailnet).orElseThrow().token();
        Commit second = commit(tailnet, 1, RowChanges.none());
        assertThat(store.commit(second)).isEqualTo(written(2));

        assertThat(store.changes(tailnet, new Revision(1)))
                .contains(
                        new StoredChanges(new Revision(1), first, new Revision(2), second.token(), RowChanges.none()));
    }

    @Test
    void aRowThatIsDeletedAndMadeAgainIsListedAsItIsNow() {
        StateRows rows = create(SampleRows.spelled(tailnet, "again"));
        RowChanges gone = deleting(rows);
        assertThat(store.commit(commit(tailnet, 1, gone))).isEqualTo(written(2));
        assertThat(store.changes(tailnet, new Revision(1)).orElseThrow().rowChanges())
                .as("a deleted node with its routes")
                .isEqualTo(gone);
        RowChanges again = new RowChanges(
                null,
                new RowChanges.Rows<>(rows.users(), List.of()),
                new RowChanges.Rows<>(rows.nodes(), List.of()),
                new RowChanges.Rows<>(rows.routes(), List.of()));
        assertThat(store.commit(commit(tailnet, 2, again))).isEqualTo(written(3));

        for (long since = 1; since <= 2; since++) {
            assertThat(store.changes(tailnet, new Revision(since)).orElseThrow().rowChanges())
                    .as("since revision %s", since)
                    .isEqualTo(again);
        }
        assertThat(store.changes(tailnet, new Revision(3)).orElseThrow().rowChanges())
                .isEqualTo(RowChanges.none());
    }

    @Test
    void aRouteIsDeletedAndMadeAgainWhileItsNodeStays() {
        StateRows rows = create(SampleRows.rich(tailnet));
        List<RouteRow> ofOne = rows.routes().stream()
                .filter(row -> row.node().equals(new NodeId(1)))
                .toList();
        RowChanges gone = routes(List.of(), ofOne.stream().map(RouteRow::key).toList());
        assertThat(store.commit(commit(tailnet, 1, gone))).isEqualTo(written(2));
        assertThat(store.changes(tailnet, new Revision(1)).orElseThrow().rowChanges())
                .isEqualTo(gone);

        assertThat(store.commit(commit(tailnet, 2, routes(ofOne.subList(0, 2), List.of()))))
                .isEqualTo(written(3));

        assertThat(store.changes(tailnet, new Revision(1)).orElseThrow().rowChanges())
                .isEqualTo(routes(ofOne.subList(0, 2), gone.routes().deletes().subList(2, ofOne.size())));
        assertThat(store.changes(tailnet, new Revision(2)).orElseThrow().rowChanges())
                .isEqualTo(routes(ofOne.subList(0, 2), List.of()));
    }

    private static RowChanges routes(List<RouteRow> upserts, List<RouteKey> deletes) {
        return new RowChanges(
                null, RowChanges.Rows.none(), RowChanges.Rows.none(), new RowChanges.Rows<>(upserts, deletes));
    }

    @Test
    void sinceARevisionThatTheTailnetNeverHadNoChangesCanBeSaid() {
        create(SampleRows.rich(tailnet));

        assertThat(store.changes(tailnet, Revision.NONE)).isEmpty();
        assertThat(store.changes(tailnet, new Revision(2))).isEmpty();
        assertThat(store.changes(tailnet, new Revision(Long.MAX_VALUE))).isEmpty();
        assertThat(store.changes(fresh("other"), new Revision(1))).isEmpty();
    }

    @Test
    void changesOfATailnetThatWasDeletedAndMadeAgainHaveTheTokenOfAnotherCommit() {
        StateRows rows = create(SampleRows.rich(tailnet));
        CommitToken before = store.load(tailnet).orElseThrow().token();
        assertThat(store.commit(commit(tailnet, 1, deleting(rows)))).isEqualTo(written(2));
        store.delete(tailnet);
        assertThat(store.changes(tailnet, new Revision(1))).isEmpty();

        create(SampleRows.empty(tailnet));
        StoredTailnet again = store.load(tailnet).orElseThrow();

        assertThat(store.changes(tailnet, new Revision(2))).isEmpty();
        StoredChanges changes = store.changes(tailnet, new Revision(1)).orElseThrow();
        assertThat(changes.sinceToken()).isEqualTo(again.token()).isNotEqualTo(before);
        assertThat(changes.rowChanges()).isEqualTo(RowChanges.none());
    }

    // ---- replicas and owners

    private final ReplicaId one = new ReplicaId("one " + UUID.randomUUID());
    private final ReplicaId two = new ReplicaId("two " + UUID.randomUUID());
    private static final Duration LENGTH = Duration.ofMillis(15_000);

    private Commit claiming(long expected, @Nullable ReplicaId replica, long epoch) {
        return new Commit(
                tailnet,
                new Revision(expected),
                null,
                token(),
                SampleRows.AT,
                expected == 0 ? SampleRows.creating(SampleRows.empty(tailnet)) : RowChanges.none(),
                List.of(),
                new Ownership(replica, epoch));
    }

    @Test
    void aLeaseCountsItsRenewalsAtTheTimeOfTheStore() {
        assertThat(store.lease(one)).isEmpty();
        CommitToken start = token();

        Lease joined = store.joinReplica(one, start, LENGTH);
        Lease renewed = open().renewLease(one, start).orElseThrow();

        assertThat(joined).isEqualTo(new Lease(one, start, LENGTH, 0, 0, joined.joinedAt(), joined.joinedAt()));
        assertThat(renewed).isEqualTo(new Lease(one, start, LENGTH, 1, 0, joined.joinedAt(), renewed.renewedAt()));
        assertThat(renewed.renewedAt()).isAfterOrEqualTo(joined.joinedAt());
        assertThat(Duration.between(Instant.now(), renewed.renewedAt()).abs()).isLessThan(Duration.ofMinutes(1));
        assertThat(open().lease(one)).contains(renewed);
    }

    @Test
    void aLeaseOfALengthOutOfRangeIsRefusedAndNotWritten() {
        for (Duration length : List.of(Duration.ofMillis(-1), Duration.ZERO, Lease.LONGEST.plusMillis(1))) {
            assertThatThrownBy(() -> store.joinReplica(one, token(), length))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(open().lease(one)).isEmpty();
    }

    @Test
    void theShortestAndTheLongestLeaseAreWritten() {
        store.joinReplica(one, token(), Duration.ofMillis(1));
        store.joinReplica(two, token(), Lease.LONGEST);

        assertThat(open().lease(one).orElseThrow().length()).isEqualTo(Duration.ofMillis(1));
        assertThat(open().lease(two).orElseThrow().length()).isEqualTo(Lease.LONGEST);
    }

    @Test
    void aLaterStartOfAReplicaHasTheLeaseAndTheEarlierOneHasNone() {
        CommitToken first = token();
        CommitToken second = token();
        store.joinReplica(one, first, LENGTH);
        Lease joined = store.joinReplica(one, second, LENGTH.multipliedBy(2));

        assertThat(store.renewLease(one, first)).isEmpty();
        store.leaveReplica(one, first);
        assertThat(store.lease(one)).contains(joined);
        store.leaveReplica(one, second);
        assertThat(store.lease(one)).isEmpty();
        assertThat(store.renewLease(one, second)).isEmpty();
    }

    @Test
    void allLeasesAreListedAndOneIsEndedOnlyAsItWasSeen() {
        CommitToken first = token();
        Lease seen = store.joinReplica(one, first, LENGTH);
        Lease other = store.joinReplica(two, token(), LENGTH);
        assertThat(open().leases()).contains(seen, other);
        assertThat(store.leases()).isSortedAccordingTo(Comparator.comparing(Lease::replica));
        Lease renewed = store.renewLease(one, first).orElseThrow();

        assertThat(store.endLease(seen)).as("it was renewed since").isFalse();
        Lease again = store.joinReplica(one, token(), LENGTH);
        assertThat(store.endLease(renewed)).as("of another start").isFalse();
        assertThat(store.lease(one)).contains(again);
        assertThat(open().endLease(again)).isTrue();

        assertThat(store.lease(one)).isEmpty();
        assertThat(store.endLease(again)).isFalse();
        assertThat(store.leases()).contains(other).doesNotContain(again);
    }

    private Commit sharing(long expected, ReplicaId replica, CommitToken lease, long epoch) {
        Commit claiming = claiming(expected, null, 0);
        return new Commit(
                tailnet,
                claiming.expected(),
                null,
                token(),
                SampleRows.AT,
                claiming.rowChanges(),
                List.of(),
                Ownership.shared(replica, lease, epoch));
    }

    @Test
    void severalWritersShareATailnetWhileEachHasItsLeaseAndNoProcessOwnsIt() {
        CommitToken first = token();
        CommitToken second = token();
        CommitOutcome fenced = new CommitOutcome.Fenced(TailnetOwner.NONE);
        assertThat(store.commit(sharing(0, one, first, 0)))
                .as("without a lease")
                .isEqualTo(fenced);
        store.joinReplica(one, first, LENGTH);
        Lease seen = store.joinReplica(two, second, LENGTH);

        assertThat(store.commit(sharing(0, one, first, 0))).isEqualTo(written(1));
        assertThat(store.commit(sharing(1, two, second, 0))).isEqualTo(written(2));
        assertThat(store.commit(sharing(1, one, first, 0))).isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.commit(sharing(2, two, first, 0)))
                .as("the lease of another")
                .isEqualTo(fenced);
        store.endLease(seen);
        assertThat(store.commit(sharing(2, two, second, 0)))
                .as("its lease was ended")
                .isEqualTo(fenced);
        assertThat(store.commit(sharing(2, one, first, 0))).isEqualTo(written(3));

        TailnetOwner owner = store.own(tailnet, 0, two).orElseThrow();
        assertThat(store.commit(sharing(3, one, first, 0))).isEqualTo(new CommitOutcome.Fenced(owner));
        assertThat(store.disown(tailnet, 1, two)).isTrue();
        assertThat(store.commit(sharing(3, one, first, 0)))
                .as("in an earlier epoch")
                .isInstanceOf(CommitOutcome.Fenced.class);
        assertThat(store.commit(sharing(3, one, first, 1))).isEqualTo(written(4));
    }

    @Test
    void theFirstCommitMakesItsClaimTrueAndOnlyTheOwnerCommitsWithAClaim() {
        assertThat(store.owner(tailnet)).isEmpty();
        assertThat(store.own(tailnet, 0, one)).isEmpty();

        assertThat(store.commit(claiming(0, one, 1))).isEqualTo(written(1));

        TailnetOwner owner = store.owner(tailnet).orElseThrow();
        assertThat(owner.replica()).contains(one);
        assertThat(owner.epoch()).isEqualTo(1);
        assertThat(store.commit(claiming(1, one, 1))).isEqualTo(written(2));
        CommitOutcome fenced = new CommitOutcome.Fenced(owner);
        assertThat(store.commit(claiming(2, two, 1))).isEqualTo(fenced);
        assertThat(store.commit(claiming(2, one, 2))).isEqualTo(fenced);
        assertThat(store.commit(claiming(2, null, 1))).isEqualTo(fenced);
        assertThat(store.commit(claiming(1, two, 1))).as("outdated, too").isEqualTo(fenced);
        assertThat(store.commit(claiming(0, two, 1))).as("as new").isEqualTo(fenced);
        assertThat(store.commit(claiming(1, one, 1))).isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.commit(commit(tailnet, 2, RowChanges.none())))
                .as("without a claim")
                .isEqualTo(written(3));
        assertThat(store.load(tailnet).orElseThrow().revision()).isEqualTo(new Revision(3));
    }

    @Test
    void aNewOwnerBeginsAnEpochAndFencesTheOldOneWithoutARevision() {
        create(SampleRows.empty(tailnet));
        assertThat(store.owner(tailnet)).contains(TailnetOwner.NONE);
        CommitToken start = token();
        store.joinReplica(one, start, LENGTH);
        TailnetOwner first = store.own(tailnet, 0, one).orElseThrow();
        assertThat(first.replica()).contains(one);
        assertThat(first.epoch()).isEqualTo(1);

        assertThat(open().own(tailnet, 0, two)).as("an outdated epoch").isEmpty();
        TailnetOwner second = open().own(tailnet, 1, two).orElseThrow();

        assertThat(second.epoch()).isEqualTo(2);
        assertThat(store.owner(tailnet)).contains(second);
        assertThat(store.commit(claiming(1, one, 1))).isEqualTo(new CommitOutcome.Fenced(second));
        assertThat(store.commit(claiming(1, two, 2))).isEqualTo(written(2));
        assertThat(store.renewLease(one, start).orElseThrow().takeovers()).isEqualTo(1);
    }

    @Test
    void anOwnerGivesUpItsTailnetAndAnotherProcessCannot() {
        create(SampleRows.empty(tailnet));
        assertThat(store.own(tailnet, 0, one)).isPresent();

        assertThat(store.disown(tailnet, 1, two)).isFalse();
        assertThat(store.disown(tailnet, 2, one)).isFalse();
        assertThat(store.disown(tailnet, 1, one)).isTrue();

        assertThat(store.owner(tailnet)).contains(new TailnetOwner(null, 1, null));
        assertThat(store.commit(claiming(1, one, 1))).isInstanceOf(CommitOutcome.Fenced.class);
        assertThat(store.own(tailnet, 1, two).orElseThrow().epoch()).isEqualTo(2);
    }

    @Test
    void theTailnetsThatAReplicaOwnsAreListedWithTheirEpochs() {
        ReplicaId owner = new ReplicaId("owner " + UUID.randomUUID());
        ReplicaId other = new ReplicaId("other " + UUID.randomUUID());
        List<TailnetId> tailnets = List.of(fresh("a"), fresh("b"), fresh("c"));
        for (TailnetId each : tailnets) {
            create(SampleRows.empty(each));
            store.own(each, 0, owner);
        }
        assertThat(store.ownedBy(owner))
                .containsExactly(
                        Map.entry(tailnets.get(0), 1L), Map.entry(tailnets.get(1), 1L), Map.entry(tailnets.get(2), 1L));

        store.own(tailnets.get(0), 1, other);
        store.own(tailnets.get(1), 1, other);
        store.own(tailnets.get(1), 2, owner);
        store.disown(tailnets.get(2), 1, owner);

        assertThat(store.ownedBy(owner)).containsExactly(Map.entry(tailnets.get(1), 3L));
        assertThat(store.ownedBy(other)).containsExactly(Map.entry(tailnets.get(0), 2L));
        store.delete(tailnets.get(1));
        assertThat(store.ownedBy(owner)).isEmpty();
    }

    @Test
    void aTailnetIsOrphanedWhileACandidateOrEphemeralNodeIsOfNoLiveProcess() {
        CommitToken start = token();
        store.joinReplica(one, start, LENGTH);
        SessionHolder alive = new SessionHolder(start.value());
        SessionHolder gone = new SessionHolder(token().value());
        List<TailnetId> orphans = List.of(
                holding("candidate of a process that is gone", gone, true, false),
                holding("candidate of none", null, true, false),
                holding("ephemeral", gone, false, true));
        List<TailnetId> alone = List.of(
                holding("candidate of a process that lives", alive, true, true),
                holding("node that is absent", gone, false, false));
        assertThat(store.orphaned())
                .containsAll(orphans)
                .doesNotContainAnyElementsOf(alone)
                .isSorted();

        store.own(orphans.get(0), 0, one);
        store.delete(orphans.get(1));
        assertThat(store.orphaned())
                .as("an owner with a lease sees to its tailnet")
                .contains(orphans.get(2))
                .doesNotContain(orphans.get(0), orphans.get(1));

        store.leaveReplica(one, start);
        assertThat(store.orphaned())
                .contains(orphans.get(0), orphans.get(2), alone.get(0))
                .doesNotContain(orphans.get(1), alone.get(1));
    }

    /** A tailnet with one node whose last session was of a process. */
    private TailnetId holding(String name, @Nullable SessionHolder holder, boolean candidate, boolean ephemeral) {
        TailnetId made = fresh(name);
        NodeRow row = new NodeRow(
                Node.builder(new NodeId(1), "router", Owner.tags("tag:router"))
                        .ephemeral(ephemeral)
                        .build(),
                null,
                candidate,
                new Absence(SampleRows.AT, candidate ? SampleRows.AT : null),
                holder == null ? null : new SessionRow(holder, null, Health.HEALTHY, null));
        create(new StateRows(SampleRows.empty(made).tailnet(), List.of(), List.of(row), List.of()));
        return made;
    }

    @Test
    void ofManyWhoTakeATailnetAtOnceExactlyOneIsTheOwner() throws Exception {
        create(SampleRows.empty(tailnet));
        List<Optional<TailnetOwner>> owners = atOnce(IntStream.range(0, THREADS)
                .<Callable<Optional<TailnetOwner>>>mapToObj(
                        i -> () -> store.own(tailnet, 0, new ReplicaId("replica-" + i)))
                .toList());
        assertThat(owners.stream().flatMap(Optional::stream).toList())
                .containsExactly(store.owner(tailnet).orElseThrow());
    }

    // ---- null

    @Test
    void eachMethodRefusesNullByTheNameOfTheParameterAndChangesNothing() {
        StateRows rows = create(SampleRows.rich(tailnet));
        List<Method> methods = Arrays.stream(RoutingStore.class.getMethods())
                .filter(method -> method.getParameterCount() > 0)
                .toList();
        assertThat(methods).extracting(Method::getName).contains("load", "changes", "commit", "events", "delete");

        for (Method method : methods) {
            Object[] nulls = Arrays.stream(method.getParameterTypes())
                    .map(type -> type == int.class ? (Object) 1 : type == long.class ? (Object) 1L : null)
                    .toArray();
            assertThatThrownBy(() -> method.invoke(store, nulls))
                    .as("%s of null", method.getName())
                    .cause()
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage(method.getParameters()[0].getName());
        }

        assertRows(loaded(tailnet), rows);
    }

    // ---- what is stored comes back

    @Test
    void aTailnetThatWasNeverCommittedIsNotThere() {
        assertThat(store.load(tailnet)).isEmpty();
    }

    @Test
    void theFirstCommitMakesRevisionOne() {
        StateRows rows = SampleRows.empty(tailnet);
        Commit first = commit(tailnet, 0, SampleRows.creating(rows));

        assertThat(store.commit(first)).isEqualTo(written(1));

        assertStored(tailnet, new Revision(1), first.token(), rows);
    }

    @Test
    void everyColumnComesBackAsItWasAndRowsComeInTheOrderOfTheirKeys() {
        StateRows rows = create(SampleRows.rich(tailnet));

        assertRows(loaded(tailnet), rows);
    }

    @Test
    void everyColumnCanBeChanged() {
        StateRows rich = SampleRows.rich(tailnet);
        create(SampleRows.empty(tailnet));
        assertThat(store.commit(commit(tailnet, 1, SampleRows.creating(rich)))).isEqualTo(written(2));
        assertRows(loaded(tailnet), rich);

        RowChanges turned = SampleRows.turned(rich);
        assertThat(store.commit(commit(tailnet, 2, turned))).isEqualTo(written(3));

        assertRows(loaded(tailnet), turned.applyTo(rich));
    }

    @Test
    void textsAreKeptLetterByLetter() {
        for (String text : SampleRows.texts(255)) {
            TailnetId spelled = new TailnetId(UUID.randomUUID() + text.substring(0, Math.min(text.length(), 160)));
            StateRows rows = create(SampleRows.spelled(spelled, text));

            assertRows(loaded(spelled), rows);
        }
    }

    @Test
    void theLargestTailnetIdPolicyAndListOfRoutesFit() {
        TailnetId longest = new TailnetId((UUID.randomUUID() + "ü".repeat(200)).substring(0, 200));
        StateRows rows = create(SampleRows.large(longest));

        assertRows(loaded(longest), rows);
    }

    // ---- changes

    @Test
    void aCommitWithoutARowMakesARevisionToo() {
        StateRows rows = create(SampleRows.rich(tailnet));
        Commit settling = commit(tailnet, 1, RowChanges.none());

        assertThat(store.commit(settling)).isEqualTo(written(2));

        assertStored(tailnet, new Revision(2), settling.token(), rows);
    }

    @Test
    void deletedRowsAreGoneAndDeletingWhatIsNotThereIsNoMistake() {
        StateRows rows = create(SampleRows.rich(tailnet));
        RowChanges deleting = new RowChanges(
                null,
                new RowChanges.Rows<>(List.of(), List.of(new UserId("03"), new UserId("nobody"))),
                new RowChanges.Rows<>(List.of(), List.of(new NodeId(1), new NodeId(99))),
                new RowChanges.Rows<>(
                        List.of(),
                        rows.routes().stream()
                                .map(RouteRow::key)
                                .filter(key -> key.node().equals(new NodeId(1)))
                                .toList()));

        assertThat(store.commit(commit(tailnet, 1, deleting))).isEqualTo(written(2));

        assertRows(loaded(tailnet), deleting.applyTo(rows));
    }

    @Test
    void everythingCanBeDeletedAndWrittenAgain() {
        StateRows rows = create(SampleRows.rich(tailnet));

        assertThat(store.commit(commit(tailnet, 1, deleting(rows)))).isEqualTo(written(2));
        assertRows(loaded(tailnet), new StateRows(rows.tailnet(), List.of(), List.of(), List.of()));

        assertThat(store.commit(commit(tailnet, 2, SampleRows.creating(rows)))).isEqualTo(written(3));
        assertRows(loaded(tailnet), rows);
    }

    private static RowChanges deleting(StateRows rows) {
        return new RowChanges(
                null,
                new RowChanges.Rows<>(
                        List.of(), rows.users().stream().map(User::id).toList()),
                new RowChanges.Rows<>(
                        List.of(),
                        rows.nodes().stream().map(row -> row.facts().id()).toList()),
                new RowChanges.Rows<>(
                        List.of(), rows.routes().stream().map(RouteRow::key).toList()));
    }

    // ---- compare and set

    @Test
    void aCommitOnAnotherRevisionIsAConflictAndWritesNothing() {
        StateRows rows = create(SampleRows.rich(tailnet));
        StoredTailnet before = store.load(tailnet).orElseThrow();
        RowChanges other = SampleRows.creating(SampleRows.spelled(tailnet, "other"));

        for (long wrong : new long[] {0, 2, 7, Long.MAX_VALUE - 1}) {
            assertThat(store.commit(commit(tailnet, wrong, other)))
                    .as("on revision %s", wrong)
                    .isEqualTo(new CommitOutcome.Conflict());
        }

        assertSame(store.load(tailnet).orElseThrow(), before);
        assertThat(events(tailnet)).isEmpty();
        assertRows(loaded(tailnet), rows);
    }

    @Test
    void aCommitOnATailnetThatIsNotThereIsAConflict() {
        assertThat(store.commit(commit(tailnet, 1, RowChanges.none()))).isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.load(tailnet)).isEmpty();
    }

    @Test
    void theTokenThatIsStoredIsThatOfTheCommitThatMadeTheRevision() {
        create(SampleRows.empty(tailnet));
        Commit second = commit(tailnet, 1, RowChanges.none());
        assertThat(store.commit(second)).isEqualTo(written(2));

        assertThat(store.commit(commit(tailnet, 1, RowChanges.none()))).isEqualTo(new CommitOutcome.Conflict());

        assertThat(store.load(tailnet).orElseThrow().token()).isEqualTo(second.token());
    }

    @Test
    void aCommitOnARevisionThatAnotherCommitMadeThanItExpectsIsAConflict() {
        create(SampleRows.empty(tailnet));
        Commit second = commit(tailnet, 1, RowChanges.none());
        assertThat(store.commit(second)).isEqualTo(written(2));

        assertThat(store.commit(commit(tailnet, 2, token(), RowChanges.none())))
                .isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.commit(commit(tailnet, 2, token(), SampleRows.creating(SampleRows.rich(tailnet)))))
                .isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.load(tailnet).orElseThrow().token()).isEqualTo(second.token());

        assertThat(store.commit(commit(tailnet, 2, second.token(), RowChanges.none())))
                .isEqualTo(written(3));
    }

    @Test
    void ofManyCommitsOnOneRevisionExactlyOneIsWritten() throws Exception {
        create(SampleRows.empty(tailnet));
        for (int revision = 1; revision <= writes(); revision++) {
            int expected = revision;
            List<Commit> commits = new ArrayList<>();
            List<Callable<CommitOutcome>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Commit commit = commit(tailnet, expected, SampleRows.creating(SampleRows.spelled(tailnet, "by " + i)));
                commits.add(commit);
                RoutingStore mine = open();
                tasks.add(() -> mine.commit(commit));
            }

            List<CommitOutcome> outcomes = atOnce(tasks);

            assertThat(outcomes).containsOnlyOnce(written(expected + 1));
            assertThat(outcomes)
                    .filteredOn(outcome -> !outcome.equals(written(expected + 1)))
                    .containsOnly(new CommitOutcome.Conflict());
            assertThat(store.load(tailnet).orElseThrow().token())
                    .isEqualTo(
                            commits.get(outcomes.indexOf(written(expected + 1))).token());
        }
    }

    @Test
    void ofManyWhoCreateATailnetExactlyOneDoes() throws Exception {
        List<Callable<CommitOutcome>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Commit commit = commit(tailnet, 0, SampleRows.creating(SampleRows.spelled(tailnet, "by " + i)));
            RoutingStore mine = open();
            tasks.add(() -> mine.commit(commit));
        }

        List<CommitOutcome> outcomes = atOnce(tasks);

        assertThat(outcomes).containsOnlyOnce(written(1));
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.equals(written(1)))
                .containsOnly(new CommitOutcome.Conflict());
    }

    // ---- the lock

    @Test
    void underTheLockATailnetItsLogAndItsChangesAreThoseThatAreStored() {
        create(SampleRows.rich(tailnet));
        Commit second = commit(tailnet, 1, RowChanges.none());
        assertThat(store.commit(second)).isEqualTo(written(2));
        StoredTailnet stored = store.load(tailnet).orElseThrow();
        List<LoggedCommit> log = store.commits(tailnet, Revision.NONE, 10);
        Optional<StoredChanges> changes = store.changes(tailnet, new Revision(1));
        Commit third = commit(tailnet, 2, second.token(), RowChanges.none());

        CommitOutcome outcome = store.withLock(tailnet, locked -> {
            assertSame(locked.load().orElseThrow(), stored);
            assertThat(locked.commits(Revision.NONE, 10)).isEqualTo(log);
            assertThat(locked.changes(new Revision(1))).isEqualTo(changes);
            return locked.commit(third);
        });

        assertThat(outcome).isEqualTo(written(3));
        assertThat(open().load(tailnet).orElseThrow().token()).isEqualTo(third.token());
    }

    @Test
    void underTheLockTheEventsAreThoseThatAreStored() {
        new RandomWriter(store, tailnet, 7).write(5, new HashMap<>());
        List<StoredEvent> events = events(tailnet);

        List<List<StoredEvent>> read = store.withLock(
                tailnet,
                locked -> List.of(
                        locked.events(EventPosition.START, Integer.MAX_VALUE),
                        locked.events(events.get(1).position(), 1)));

        assertEvents(read.get(0), events);
        assertEvents(read.get(1), events.subList(2, 3));
    }

    @Test
    void underTheLockNullIsRefusedByTheNameOfTheParameter() {
        create(SampleRows.empty(tailnet));
        for (Method method : LockedTailnet.class.getMethods()) {
            Object[] nulls = Arrays.stream(method.getParameterTypes())
                    .map(type -> type == int.class ? (Object) 1 : null)
                    .toArray();
            if (nulls.length > 0) {
                assertThatThrownBy(() -> store.withLock(tailnet, locked -> invoked(method, locked, nulls)))
                        .as("%s of null", method.getName())
                        .hasRootCauseInstanceOf(NullPointerException.class)
                        .hasRootCauseMessage(method.getParameters()[0].getName());
            }
        }
    }

    private static Object invoked(Method method, LockedTailnet locked, Object[] arguments) {
        try {
            return method.invoke(locked, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCommitUnderTheLockOnAnotherRevisionIsAConflict() {
        create(SampleRows.empty(tailnet));

        assertThat(store.<CommitOutcome>withLock(
                        tailnet, locked -> locked.commit(commit(tailnet, 2, RowChanges.none()))))
                .isEqualTo(new CommitOutcome.Conflict());
    }

    @Test
    void theLockOfAnUnstoredTailnetKeepsNothingAwayAndItsFirstCommitIsWritten() {
        Commit first = commit(tailnet, 0, SampleRows.creating(SampleRows.empty(tailnet)));

        CommitOutcome outcome = store.withLock(tailnet, locked -> {
            assertThat(locked.load()).isEmpty();
            assertThat(locked.commits(Revision.NONE, 10)).isEmpty();
            assertThat(locked.changes(new Revision(1))).isEmpty();
            assertThat(locked.events(EventPosition.START, 10)).isEmpty();
            return locked.commit(first);
        });

        assertThat(outcome).isEqualTo(written(1));
    }

    @Test
    void workThatCommitsNothingOrFailsFreesTheLockAndWritesNothing() {
        create(SampleRows.empty(tailnet));

        assertThat(store.<Boolean>withLock(tailnet, locked -> locked.load().isPresent()))
                .isTrue();
        assertThatThrownBy(() -> store.withLock(tailnet, locked -> {
                    throw new IllegalStateException("work");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("work");

        assertThat(open().commit(commit(tailnet, 1, RowChanges.none()))).isEqualTo(written(2));
        assertThat(store.<CommitOutcome>withLock(
                        tailnet, locked -> locked.commit(commit(tailnet, 2, RowChanges.none()))))
                .isEqualTo(written(3));
    }

    @Test
    void underTheLockNoCommitMeetsAConflictWhileManyCommit() throws Exception {
        create(SampleRows.empty(tailnet));
        List<Callable<CommitOutcome>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            RoutingStore mine = open();
            boolean isLocking = i % 2 == 0;
            tasks.add(() -> {
                for (int done = 0; done < writes(); ) {
                    CommitOutcome outcome = isLocking
                            ? mine.withLock(
                                    tailnet,
                                    locked -> locked.commit(next(locked.load().orElseThrow())))
                            : mine.commit(next(mine.load(tailnet).orElseThrow()));
                    if (outcome instanceof CommitOutcome.Committed) {
                        done++;
                    } else if (isLocking) {
                        return outcome;
                    }
                }
                return written(0);
            });
        }

        assertThat(atOnce(tasks)).containsOnly(written(0));
        assertThat(store.load(tailnet).orElseThrow().revision()).isEqualTo(new Revision(1 + THREADS * writes()));
    }

    private Commit next(StoredTailnet loaded) {
        return commit(tailnet, loaded.revision().value(), RowChanges.none());
    }

    // ---- several tailnets and processes

    @Test
    void tailnetsShareNothingHoweverAlikeTheirNamesAre() {
        String name = "alike " + UUID.randomUUID();
        List<String> names = List.of(name, name + " ", " " + name, name.toUpperCase(Locale.ROOT), name + "%");
        for (String each : names) {
            create(SampleRows.spelled(new TailnetId(each), "of " + each));
        }
        TailnetId first = new TailnetId(names.get(0));
        RowChanges deleting = new RowChanges(
                null,
                new RowChanges.Rows<>(List.of(), List.of()),
                new RowChanges.Rows<>(List.of(), List.of(new NodeId(7))),
                new RowChanges.Rows<>(
                        List.of(),
                        loaded(first).routes().stream().map(RouteRow::key).toList()));
        assertThat(store.commit(commit(first, 1, deleting))).isEqualTo(written(2));

        for (String each : names.subList(1, names.size())) {
            TailnetId other = new TailnetId(each);
            assertThat(store.load(other).orElseThrow().revision()).isEqualTo(new Revision(1));
            assertRows(loaded(other), SampleRows.spelled(other, "of " + each));
        }
    }

    @Test
    void anotherProcessSeesWhatWasCommitted() {
        StateRows rows = create(SampleRows.rich(tailnet));
        RoutingStore other = open();

        assertRows(other.load(tailnet).orElseThrow().rows(), rows);
        assertThat(other.commit(commit(tailnet, 1, RowChanges.none()))).isEqualTo(written(2));

        assertThat(store.load(tailnet).orElseThrow().revision()).isEqualTo(new Revision(2));
    }

    // ---- deletion

    @Test
    void theTailnetsThatAreStoredAreListedInTheirOrder() {
        String common = "listed " + UUID.randomUUID() + " ";
        List<TailnetId> created = Stream.of("b", "B", "a", "ä", "a ", "ab", "10", "9")
                .map(end -> new TailnetId(common + end))
                .toList();
        created.forEach(each -> create(SampleRows.empty(each)));

        List<TailnetId> listed = open().tailnets();

        assertThat(listed).isSorted().doesNotHaveDuplicates();
        assertThat(listed)
                .filteredOn(each -> each.value().startsWith(common))
                .containsExactlyElementsOf(created.stream().sorted().toList());
        assertThat(listed).doesNotContain(tailnet);
    }

    @Test
    void aDeletedTailnetLeavesNothingBehind() {
        commitEvents(tailnet);
        assertThat(events(tailnet)).isNotEmpty();

        assertThat(store.delete(tailnet)).isTrue();

        assertThat(store.load(tailnet)).isEmpty();
        assertThat(open().load(tailnet)).isEmpty();
        assertThat(events(tailnet)).isEmpty();
        assertThat(store.tailnets()).doesNotContain(tailnet);
    }

    @Test
    void theNameOfADeletedTailnetCanBeUsedAgainFromTheFirstRevision() {
        List<StoredEvent> happened = commitEvents(tailnet);
        StoredTailnet before = store.load(tailnet).orElseThrow();
        store.delete(tailnet);

        assertThat(commitEvents(tailnet)).isEqualTo(happened);

        StoredTailnet after = store.load(tailnet).orElseThrow();
        assertThat(after.revision()).isEqualTo(before.revision());
        assertRows(after.rows(), before.rows());
        assertThat(after.token()).isNotEqualTo(before.token());
        assertEvents(events(tailnet), happened);
    }

    @Test
    void aTailnetWithRowsOfEveryKindCanBeDeletedAndMadeAgain() {
        for (int round = 0; round < 3; round++) {
            StateRows rows = create(SampleRows.rich(tailnet));
            assertRows(loaded(tailnet), rows);
            assertThat(store.delete(tailnet)).isTrue();
        }
        create(SampleRows.empty(tailnet));
        assertRows(loaded(tailnet), SampleRows.empty(tailnet));
    }

    @Test
    void deletingATailnetThatIsNotThereDoesNothingAndSaysSo() {
        create(SampleRows.rich(tailnet));

        assertThat(store.delete(fresh("other"))).isFalse();
        assertThat(store.delete(new TailnetId(tailnet.value() + " "))).isFalse();

        assertRows(loaded(tailnet), SampleRows.rich(tailnet));
        assertThat(store.delete(tailnet)).isTrue();
        assertThat(store.delete(tailnet)).isFalse();
    }

    private void assertNotDeleted(Ownership claim) {
        assertThatThrownBy(() -> store.delete(tailnet, claim))
                .isInstanceOf(FencedException.class)
                .hasMessageContainingAll("`" + tailnet + "`", "not deleted");
        assertRows(loaded(tailnet), SampleRows.rich(tailnet));
    }

    @Test
    void aDeletionWithAClaimIsRefusedUnlessTheClaimIsTrue() {
        create(SampleRows.rich(tailnet));
        TailnetOwner owner = store.own(tailnet, 0, one).orElseThrow();

        assertNotDeleted(new Ownership(null, 0));
        assertNotDeleted(new Ownership(null, 1));
        assertNotDeleted(new Ownership(two, 1));
        assertNotDeleted(new Ownership(one, 2));
        assertThatThrownBy(() -> store.delete(tailnet, new Ownership(two, 1)))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        fenced -> assertThat(fenced.owner()).isEqualTo(owner.replica()));

        assertThat(store.delete(tailnet, new Ownership(one, 1))).isTrue();
        assertThat(store.tailnets()).doesNotContain(tailnet);
        assertThat(store.delete(tailnet, new Ownership(one, 1))).isFalse();
    }

    @Test
    void aDeletionByAFormerOwnerIsRefusedAlsoWhereTheNewOwnerHasLeft() {
        create(SampleRows.rich(tailnet));
        assertThat(store.own(tailnet, 0, one)).isPresent();
        assertThat(store.disown(tailnet, 1, one)).isTrue();
        assertThat(store.own(tailnet, 1, two)).isPresent();
        assertThat(store.disown(tailnet, 2, two)).isTrue();

        assertNotDeleted(new Ownership(one, 1));
        assertNotDeleted(new Ownership(null, 1));
        assertThat(store.delete(tailnet, new Ownership(null, 2))).isTrue();
    }

    @Test
    void aDeletionByAProcessThatSharesTheTailnetIsRefusedWithoutItsLease() {
        create(SampleRows.rich(tailnet));
        CommitToken start = token();
        assertNotDeleted(Ownership.shared(one, start, 0));
        store.joinReplica(one, start, LENGTH);

        assertNotDeleted(Ownership.shared(one, token(), 0));
        assertNotDeleted(Ownership.shared(one, start, 1));
        assertThat(store.delete(tailnet, Ownership.shared(one, start, 0))).isTrue();
        assertThat(store.load(tailnet)).isEmpty();
    }

    @Test
    void aDeletionWithoutAClaimDeletesTheTailnetOfAnyOwner() {
        create(SampleRows.rich(tailnet));
        assertThat(store.own(tailnet, 0, one)).isPresent();

        assertThat(store.delete(tailnet)).isTrue();
    }

    /**
     * Whichever comes first: the former owner deletes the tailnet, and there is nothing to take over, or it is refused.
     */
    @Test
    void aDeletionByTheOwnerAndATakeoverAtOnceComeOneAfterTheOther() throws Exception {
        for (int round = 0; round < writes(); round++) {
            TailnetId contested = fresh("contested");
            create(SampleRows.empty(contested));
            assertThat(store.own(contested, 0, one)).isPresent();
            RoutingStore former = open();
            RoutingStore next = open();

            List<Object> outcomes = atOnce(List.of(
                    () -> {
                        try {
                            return former.delete(contested, new Ownership(one, 1));
                        } catch (FencedException e) {
                            return e.owner();
                        }
                    },
                    () -> next.own(contested, 1, two).isPresent()));

            boolean isTaken = outcomes.get(1).equals(true);
            assertThat(outcomes.get(0)).isEqualTo(isTaken ? Optional.of(two) : true);
            assertThat(store.load(contested).isPresent()).isEqualTo(isTaken);
        }
    }

    @Test
    void deletingATailnetTouchesNoOtherHoweverAlikeTheNamesAre() {
        List<TailnetId> others = Stream.of(tailnet + " ", " " + tailnet, tailnet + "%", "%" + UUID.randomUUID())
                .map(TailnetId::new)
                .toList();
        commitEvents(tailnet);
        others.forEach(this::commitEvents);
        List<Optional<StoredTailnet>> before = others.stream().map(store::load).toList();
        List<StoredEvent> happened = events(others.get(0));

        store.delete(tailnet);

        assertThat(others.stream().map(store::load)).isEqualTo(before);
        assertThat(others).allMatch(other -> events(other).equals(happened));
    }

    @Test
    void aCommitOnADeletedTailnetIsAConflict() {
        create(SampleRows.rich(tailnet));
        store.delete(tailnet);

        assertThat(store.commit(commit(tailnet, 1, RowChanges.none()))).isEqualTo(new CommitOutcome.Conflict());
        assertThat(store.commit(commit(tailnet, 1, SampleRows.creating(SampleRows.rich(tailnet)))))
                .isEqualTo(new CommitOutcome.Conflict());

        assertThat(store.load(tailnet)).isEmpty();
    }

    @Test
    void aDeletionAndCommitsAtOnceComeOneAfterTheOther() throws Exception {
        for (int round = 0; round < writes(); round++) {
            TailnetId contested = fresh("contested");
            commitEvents(contested);
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                RoutingStore mine = open();
                Commit commit = commit(contested, 3, SampleRows.creating(SampleRows.spelled(contested, "by " + i)));
                tasks.add(i == THREADS / 2 ? () -> mine.delete(contested) : () -> mine.commit(commit));
            }

            List<Object> outcomes = atOnce(tasks);

            assertThat(outcomes.remove(THREADS / 2)).isEqualTo(true);
            assertThat(outcomes).filteredOn(written(4)::equals).hasSizeLessThanOrEqualTo(1);
            assertThat(outcomes)
                    .filteredOn(outcome -> !outcome.equals(written(4)))
                    .containsOnly(new CommitOutcome.Conflict());
            assertThat(store.load(contested)).isEmpty();
            assertThat(events(contested)).isEmpty();
        }
    }

    @Test
    void aDeletionAndAFirstCommitAtOnceLeaveAWholeTailnetOrNone() throws Exception {
        for (int round = 0; round < writes(); round++) {
            TailnetId contested = fresh("contested");
            commitEvents(contested);
            Commit first =
                    eventful(contested, 1, RoutingState.empty(contested, RoutingSettings.DEFAULT, SampleRows.AT));
            RoutingStore creator = open();
            RoutingStore deleter = open();

            List<Object> outcomes = atOnce(List.of(() -> creator.commit(first), () -> deleter.delete(contested)));

            assertThat(outcomes.get(1)).isEqualTo(true);
            if (outcomes.get(0).equals(written(1))) {
                assertThat(store.load(contested).orElseThrow().token()).isEqualTo(first.token());
                assertThat(events(contested)).hasSameSizeAs(first.events());
            } else {
                assertThat(outcomes.get(0)).isEqualTo(new CommitOutcome.Conflict());
                assertThat(store.load(contested)).isEmpty();
                assertThat(events(contested)).isEmpty();
            }
        }
    }

    @Test
    void aControllerOpenOnADeletedTailnetFailsAlsoWhenItWasMadeAgain() {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            for (boolean isMadeAgain : List.of(false, true)) {
                TailnetId deleted = fresh("deleted");
                RouteController controller = RouteController.builder(store, deleted, scheduler, InstantSource.system())
                        .open();
                assertThat(submit(controller, commands(1)).join().revision()).isEqualTo(new Revision(1));
                open().delete(deleted);
                if (isMadeAgain) {
                    create(SampleRows.rich(deleted));
                }
                StoredTailnet before = store.load(deleted).orElse(null);

                CompletableFuture<Receipt> answer = submit(controller, commands(2));

                assertThat(answer)
                        .failsWithin(Duration.ofMinutes(1))
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(StoreHistoryException.class);
                assertSame(store.load(deleted).orElse(null), before);
                controller.close();
            }
        } finally {
            scheduler.shutdown();
        }
    }

    /** A process had the tailnet alone before, so that the tailnet has a later epoch than a new one. */
    @Test
    void aSharedControllerOpenOnADeletedTailnetFailsForItsHistoryUnfenced() {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (Replica replica = Replica.join(store, one, scheduler, InstantSource.system())) {
            for (boolean isMadeAgain : List.of(false, true)) {
                TailnetId deleted = fresh("deleted");
                create(SampleRows.empty(deleted));
                assertThat(store.own(deleted, 0, two)).isPresent();
                assertThat(store.disown(deleted, 1, two)).isTrue();
                RouteController controller = RouteController.builder(store, deleted, scheduler, InstantSource.system())
                        .replica(replica)
                        .shared()
                        .open();
                assertThat(submit(controller, commands(1)).join().revision()).isEqualTo(new Revision(2));
                open().delete(deleted);
                if (isMadeAgain) {
                    create(SampleRows.empty(deleted));
                }

                CompletableFuture<Receipt> answer = submit(controller, commands(2));

                assertThat(answer)
                        .failsWithin(Duration.ofMinutes(1))
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(StoreHistoryException.class);
                controller.close();
            }
        } finally {
            scheduler.shutdown();
        }
    }

    private static CompletableFuture<Receipt> submit(RouteController controller, List<Command> commands) {
        return controller
                .submit(new Submission(new Actor("test"), null, commands))
                .toCompletableFuture();
    }

    // ---- events

    @Test
    void eventsAreKeptWithTheirCommitInTheirOrder() {
        List<StoredEvent> expected = commitEvents(tailnet);

        assertEvents(events(tailnet), expected);
        assertThat(events(fresh("other"))).isEmpty();
    }

    @Test
    void everythingThatAnEventSaysIsKeptInFacts() {
        NodeId first = new NodeId(1);
        NodeId second = new NodeId(2);
        commitEvents(tailnet);
        RoutingState state = RoutingState.restoreWithoutSessions(loaded(tailnet), SampleRows.AT.plusSeconds(4));
        Step step = Routing.step(
                state,
                List.of(
                        new Submission(
                                new Actor("bob"),
                                "moving",
                                List.of(new Command.RevokeRoutes(first, List.of(Prefix.parse("10.0.0.0/8"))))),
                        new Submission(
                                new Actor("carol"),
                                null,
                                List.of(new Command.SetApprovedRoutes(
                                        second, List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("::/0")))))),
                SampleRows.AT.plusSeconds(4));
        Commit commit = new Commit(
                tailnet, new Revision(3), null, token(), step.next().now(), step.rowChanges(), step.events());
        assertThat(store.commit(commit)).isEqualTo(written(4));

        List<StoredEvent> kept = store.events(tailnet, new EventPosition(new Revision(3), Integer.MAX_VALUE), 100);

        assertEvents(kept, stored(new Revision(4), commit));
        assertThat(kept)
                .extracting(event -> event.position().ordinal())
                .isSorted()
                .startsWith(0);
        assertThat(kept)
                .filteredOn(event -> event.kind().equals("route-revoked"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at()).isEqualTo(SampleRows.AT.plusSeconds(4));
                    assertThat(event.actor()).contains(new Actor("bob"));
                    assertThat(event.correlationId()).contains("moving");
                    assertThat(event.node()).contains(first);
                    assertThat(event.previousNode()).isEmpty();
                    assertThat(event.prefix()).contains(Prefix.parse("10.0.0.0/8"));
                    assertThat(event.approver()).contains(new Approver.Administrator(new Actor("ädmin")));
                    assertThat(event.reason()).isNotEmpty();
                });
        assertThat(kept)
                .filteredOn(event -> event.kind().equals("primary-moved"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.node()).contains(second);
                    assertThat(event.previousNode()).contains(first);
                    assertThat(event.approver()).isEmpty();
                });
        assertThat(kept)
                .filteredOn(event -> event.kind().equals("route-approved"))
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.correlationId()).isEmpty();
                    assertThat(event.approver()).contains(new Approver.Administrator(new Actor("carol")));
                });
    }

    @Test
    void eventsSinceAPositionBeginAfterIt() {
        List<StoredEvent> all = commitEvents(tailnet);

        for (int i = 0; i < all.size(); i++) {
            assertEvents(
                    store.events(tailnet, all.get(i).position(), Integer.MAX_VALUE), all.subList(i + 1, all.size()));
        }
        assertThat(store.events(tailnet, EventPosition.END, Integer.MAX_VALUE)).isEmpty();
        assertThat(store.events(tailnet, new EventPosition(new Revision(1), Integer.MAX_VALUE), Integer.MAX_VALUE))
                .as("after a position that no event has")
                .first()
                .extracting(StoredEvent::position)
                .isEqualTo(new EventPosition(new Revision(2), 0));
    }

    @Test
    void eventsBeforeAPositionEndBeforeIt() {
        List<StoredEvent> all = commitEvents(tailnet);

        for (int i = 0; i < all.size(); i++) {
            assertEvents(store.eventsBefore(tailnet, all.get(i).position(), Integer.MAX_VALUE), all.subList(0, i));
        }
        assertEvents(store.eventsBefore(tailnet, EventPosition.END, Integer.MAX_VALUE), all);
        assertThat(store.eventsBefore(tailnet, EventPosition.START, Integer.MAX_VALUE))
                .isEmpty();
    }

    @Test
    void pagesOfAnySizeGiveAllEventsForwardsAndBackwards() {
        List<StoredEvent> all = commitEvents(tailnet);

        for (int limit = 1; limit <= all.size() + 1; limit++) {
            List<StoredEvent> forwards = new ArrayList<>();
            for (List<StoredEvent> page = store.events(tailnet, EventPosition.START, limit);
                    !page.isEmpty();
                    page = store.events(tailnet, page.get(page.size() - 1).position(), limit)) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                forwards.addAll(page);
            }
            List<StoredEvent> backwards = new ArrayList<>();
            for (List<StoredEvent> page = store.eventsBefore(tailnet, EventPosition.END, limit);
                    !page.isEmpty();
                    page = store.eventsBefore(tailnet, page.get(0).position(), limit)) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                backwards.addAll(0, page);
            }
            assertEvents(forwards, all);
            assertEvents(backwards, all);
        }
    }

    @Test
    void aLimitOfLessThanOneEventIsRefused() {
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> store.events(tailnet, EventPosition.START, limit))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.eventsBefore(tailnet, EventPosition.END, limit))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Creates a tailnet by three commits with events, and returns what must be kept of them. */
    private List<StoredEvent> commitEvents(TailnetId created) {
        RoutingState state = RoutingState.empty(created, RoutingSettings.DEFAULT, SampleRows.AT);
        List<StoredEvent> expected = new ArrayList<>();
        for (long revision = 1; revision <= 3; revision++) {
            Commit commit = eventful(created, revision, state);
            assertThat(store.commit(commit)).isEqualTo(written(revision));
            assertThat(commit.events()).isNotEmpty();
            expected.addAll(stored(new Revision(revision), commit));
            state = step(state, revision).next();
        }
        return expected;
    }

    private static Step step(RoutingState state, long revision) {
        return Routing.step(
                state,
                List.of(new Submission(new Actor("ädmin"), "number " + revision, commands(revision))),
                SampleRows.AT.plusSeconds(revision));
    }

    private static Commit eventful(TailnetId tailnet, long revision, RoutingState state) {
        Step step = step(state, revision);
        return new Commit(
                tailnet,
                new Revision(revision - 1),
                null,
                token(),
                step.next().now(),
                revision == 1 ? SampleRows.creating(step.next().rows()) : step.rowChanges(),
                step.events());
    }

    private static List<Command> commands(long revision) {
        NodeId node = new NodeId(revision);
        return List.of(
                new Command.RegisterNode(
                        Node.builder(node, "node", Owner.tags("tag:router")).build()),
                new Command.ConnectSession(node, new SessionId("session")),
                new Command.AdvertiseRoutes(node, List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("::/0"))),
                new Command.SetApprovedRoutes(node, List.of(Prefix.parse("10.0.0.0/8"))));
    }

    // ---- many writers

    @Test
    void manyWritersOfOneTailnetLoseNoUpdateAndAFollowerSeesWholeCommits() throws Exception {
        Map<Revision, Commit> written = new ConcurrentSkipListMap<>();
        Map<Revision, StateRows> read = new ConcurrentSkipListMap<>();
        Map<Revision, StateRows> followed = new ConcurrentSkipListMap<>();
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            RandomWriter writer = new RandomWriter(open(), tailnet, i);
            tasks.add(() -> {
                writer.write(writes(), written);
                return null;
            });
        }
        Thread reader = new Thread(() -> readAndFollow(done, read, followed));
        reader.start();
        try {
            atOnce(tasks);
        } finally {
            done.set(true);
            reader.join();
        }

        checkHistory(tailnet, THREADS * writes(), written, read);
        checkHistory(tailnet, THREADS * writes(), written, followed);
        assertThat(followed).containsKey(new Revision(THREADS * writes()));
    }

    /** Loads the tailnet again and again, and makes its rows of what changed since the revision before, too. */
    private void readAndFollow(AtomicBoolean done, Map<Revision, StateRows> read, Map<Revision, StateRows> followed) {
        RoutingStore mine = open();
        Revision known = Revision.NONE;
        boolean isLast = false;
        while (!isLast) {
            isLast = done.get();
            StoredTailnet loaded = mine.load(tailnet).orElse(null);
            if (loaded == null) {
                continue;
            }
            read.put(loaded.revision(), loaded.rows());
            if (known.equals(Revision.NONE)) {
                known = loaded.revision();
                followed.put(known, loaded.rows());
            }
            StoredChanges changes = mine.changes(tailnet, known).orElseThrow();
            followed.put(changes.revision(), changes.rowChanges().applyTo(followed.get(known)));
            known = changes.revision();
        }
    }

    @Test
    void manyWritersOfManyTailnetsLoseNoUpdate() throws Exception {
        List<TailnetId> tailnets = new ArrayList<>();
        List<Map<Revision, Commit>> histories = new ArrayList<>();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            TailnetId mine = fresh("many " + i);
            Map<Revision, Commit> written = new ConcurrentSkipListMap<>();
            RandomWriter writer = new RandomWriter(store, mine, i);
            tailnets.add(mine);
            histories.add(written);
            tasks.add(() -> {
                writer.write(writes(), written);
                return null;
            });
        }

        atOnce(tasks);

        for (int i = 0; i < THREADS; i++) {
            checkHistory(tailnets.get(i), writes(), histories.get(i), Map.of());
        }
    }

    /** The revisions are dense, the rows are what their changes give, and no reader read anything else. */
    private void checkHistory(
            TailnetId of, int revisions, Map<Revision, Commit> written, Map<Revision, StateRows> read) {
        assertThat(written).hasSize(revisions);
        StateRows rows = SampleRows.empty(of);
        List<StoredEvent> happened = new ArrayList<>();
        Commit last = null;
        for (long i = 1; i <= revisions; i++) {
            Revision revision = new Revision(i);
            last = written.get(revision);
            assertThat(last).as("revision %s", i).isNotNull();
            rows = last.rowChanges().applyTo(rows);
            if (read.containsKey(revision)) {
                assertRows(read.get(revision), rows);
            }
            happened.addAll(stored(revision, last));
        }
        assertStored(of, new Revision(revisions), last.token(), rows);
        assertEvents(events(of), happened.subList(Math.max(0, happened.size() - mostEvents()), happened.size()));
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdown();
            assertThatCode(() -> threads.awaitTermination(1, TimeUnit.MINUTES)).doesNotThrowAnyException();
        }
    }
}
