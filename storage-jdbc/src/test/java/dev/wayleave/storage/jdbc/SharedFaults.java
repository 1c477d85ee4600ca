package dev.wayleave.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.json.RoutingJson;
import dev.wayleave.row.RouteRow;
import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.LoggedCommit;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StorageUnavailableException;
import dev.wayleave.storage.StoredEvent;
import dev.wayleave.storage.StoredTailnet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes that share a tailnet, with agents and random commands, while something happens to one of them, to
 * all, or to their database; and what must be true afterwards.
 */
abstract class SharedFaults {

    /** How much longer an election may take where 300 agents, three processes and the database share two cores. */
    private static final Duration SLOW_MACHINE = Duration.ofSeconds(6);

    @TempDir
    private Path folder;

    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Set<AgentRecord.Load> loads = ConcurrentHashMap.newKeySet();
    private final List<String> torn = new CopyOnWriteArrayList<>();
    private final List<SharedChild> started = new ArrayList<>();
    private final SharedChild[] running = new SharedChild[Agents.REPLICAS];
    private final Agents agents = new Agents(agentCount(), running);
    private final PauseMeter pauses = new PauseMeter();
    private String url;
    private RoutingStore store;
    private PrimaryAudit audit;
    private Thread reader;
    private long phase;

    /** A database without tables. */
    abstract String newDatabaseUrl();

    abstract int agentCount();

    abstract Duration lease();

    abstract Duration grace();

    @BeforeEach
    void begin() {
        url = newDatabaseUrl();
        DataSource dataSource = DataSources.ofUrl(url);
        JdbcSchema.of(dataSource).migrate();
        audit = PrimaryAudit.begin(dataSource);
        store = JdbcRoutingStore.open(dataSource);
        reader = new Thread(this::read, "reader");
        reader.start();
        pauses.start();
    }

    /** A load refuses two primaries of one prefix. */
    private void read() {
        while (!isOver.get()) {
            try {
                store.load(Host.TAILNET).ifPresent(this::note);
            } catch (StorageUnavailableException e) {
                // the database is away
            } catch (RuntimeException e) {
                torn.add(String.valueOf(e));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100)); // the processes need the machine
        }
    }

    private void note(StoredTailnet stored) {
        boolean unused = loads.add(new AgentRecord.Load(stored.revision().value(), AgentRecord.hash(stored.rows())));
    }

    @AfterEach
    void end() throws InterruptedException {
        isOver.set(true);
        pauses.close();
        agents.end();
        for (SharedChild child : started) {
            child.kill();
        }
        reader.join();
    }

    // ---- processes

    String url() {
        return url;
    }

    Agents agents() {
        return agents;
    }

    SharedChild process(int index) {
        return running[index];
    }

    /** Starts a process, and returns at once. */
    SharedChild start(int index, String databaseUrl, Duration wrongClock) throws IOException {
        SharedChild child = SharedChild.start(
                index,
                folder.resolve(started.size() + ".err"),
                databaseUrl,
                "control-" + (index + 1),
                wrongClock.toString(),
                lease().toString(),
                grace().toString());
        started.add(child);
        running[index] = child;
        return child;
    }

    SharedChild start(int index) throws IOException {
        return start(index, url, Duration.ZERO);
    }

    /** Ends a process, and starts it again. */
    void restart(int index, Duration wrongClock) throws Exception {
        running[index].close();
        start(index, url, wrongClock).awaitOpen();
    }

    void startAll() throws Exception {
        for (int i = 0; i < Agents.REPLICAS; i++) {
            start(i);
        }
        startAgents();
    }

    void startAgents() throws Exception {
        for (SharedChild child : running) {
            child.awaitOpen();
        }
        agents.start();
        beginPhase();
    }

    /** What happens from now on belongs to the next fault. */
    void beginPhase() {
        phase = System.currentTimeMillis();
    }

    /** Lets the agents go on until the load under this fault has lasted so long. */
    void load(Duration since) {
        long end = phase + since.toMillis();
        for (long left = end - System.currentTimeMillis(); left > 0; left = end - System.currentTimeMillis()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
        }
    }

    /** Waits until another process has ended the lease of this one. */
    void awaitLeaseEnd(int index) {
        ReplicaId gone = new ReplicaId("control-" + (index + 1));
        PostgresCluster.until(() -> {
            try {
                return store.lease(gone).isEmpty();
            } catch (StorageUnavailableException e) {
                return false;
            }
        });
    }

    /** Waits until a process has come back as a new one, so often. */
    void awaitBack(int index, int times) {
        PostgresCluster.until(
                () -> running[index].notes().stream().filter("back"::equals).count() >= times);
    }

    // ---- what must be true afterwards

    /**
     * All agents wait, and everything is compared.
     *
     * @param fault what happened, for the figures
     * @param impossible for how long the fault itself makes an election impossible: the database is away, or a process
     *     keeps the row of the tailnet until its transaction is ended
     */
    void check(String fault, Duration impossible) throws Exception {
        agents.hold();
        try {
            long end = System.currentTimeMillis();
            Facts facts = settledFacts();
            assertThat(torn).as("loads").isEmpty();
            assertThat(started.stream().flatMap(child -> child.notes().stream()))
                    .as("controllers end by a fence only")
                    .allMatch(note -> note.matches("fenced|back|not back .*|closed"));
            assertThat(gaps(facts.log.stream().map(LoggedCommit::revision).toList(), facts.stored.revision()))
                    .isEmpty();
            assertThat(AgentRecord.contradictions(facts.answers, facts.events, loads))
                    .isEmpty();
            assertThat(PrimaryAudit.contradictions(facts.primaries, facts.events))
                    .isEmpty();
            checkFollowed(facts.events);
            checkStreams();
            Unserved.Spell spell = checkServed(facts, end, impossible);
            System.out.println(getClass().getSimpleName() + ": " + fault + ": " + (end - phase) / 1_000 + " s, "
                    + agents.record().figures() + ", " + facts.stored.revision() + " revisions, " + loads.size()
                    + " loaded, " + AgentRecord.compared(facts.answers, loads) + " reads compared, "
                    + facts.events.stream()
                            .filter(event -> event.kind().equals("primary-moved"))
                            .count()
                    + " primaries moved, longest unserved " + (spell == null ? 0 : spell.millis()) + " ms and "
                    + (spell == null ? 0 : spell.wasted()) + " ms that do not count, test paused "
                    + Unserved.millis(pauses.pauses(), phase, end) + " ms");
        } finally {
            agents.release();
        }
        beginPhase();
    }

    /** What there is at one revision. Answers are read before the events, which must have them. */
    private record Facts(
            StoredTailnet stored,
            List<AgentRecord.Answer> answers,
            List<StoredEvent> events,
            List<LoggedCommit> log,
            List<PrimaryAudit.Change> primaries) {}

    /** Graces still end while the agents wait. */
    private Facts settledFacts() throws Exception {
        while (true) {
            Facts facts = new Facts(
                    awaitSameState(),
                    agents.record().answers(),
                    store.events(Host.TAILNET, EventPosition.START, 1_000_000),
                    store.commits(Host.TAILNET, Revision.NONE, 1_000_000),
                    audit.changes());
            if (facts.stored
                    .revision()
                    .equals(store.load(Host.TAILNET).orElseThrow().revision())) {
                return facts;
            }
        }
    }

    /** Each process has the rows that are stored, and published them. */
    private StoredTailnet awaitSameState() throws Exception {
        for (int tries = 0; ; tries++) {
            StoredTailnet stored = store.load(Host.TAILNET).orElseThrow();
            String expected = stored.revision() + " " + RoutingJson.write(stored.rows());
            boolean isSame = true;
            for (SharedChild child : running) {
                String[] words = child.ask("state", "state-" + tries, "").get(1, TimeUnit.MINUTES);
                isSame &= words[0].equals("state") && expected.equals(words[2] + " " + words[3]);
            }
            if (isSame) {
                return stored;
            }
            assertThat(tries)
                    .as("tries until all processes agree with the rows")
                    .isLessThan(600);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Revisions are dense, and the last one is that of the rows. */
    static List<String> gaps(List<Revision> log, Revision stored) {
        if (log.isEmpty()) {
            return List.of("no revision is logged");
        }
        List<String> gaps = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            Revision next = i + 1 < log.size() ? log.get(i + 1) : stored.next();
            if (!next.equals(log.get(i).next())) {
                gaps.add("revision " + log.get(i) + " is followed by " + next);
            }
        }
        return gaps;
    }

    /** Each controller published each event since it began once, in order; those that live published all. */
    private void checkFollowed(List<StoredEvent> events) {
        for (SharedChild child : started) {
            List<SharedChild.EventLog> logs = child.logs();
            for (int i = 0; i < logs.size(); i++) {
                SharedChild.EventLog log = logs.get(i);
                boolean lives = i == logs.size() - 1 && child == running[child.index()];
                if (lives) {
                    int expected = log.expected(events).size();
                    PostgresCluster.until(() -> log.events().size() >= expected);
                }
                assertThat(log.contradictions(events, lives))
                        .as("published by process %s, from revision %s", child.index(), log.after())
                        .isEmpty();
            }
        }
    }

    /** No agent had two carriers of a prefix, and all have those of the rows. */
    private void checkStreams() {
        assertThat(agents.contradictions()).isEmpty();
        List<Agent> viewers = agents.all().stream()
                .filter(agent -> agent.kind() == Agent.Kind.LAPTOP || agent.kind() == Agent.Kind.EPHEMERAL)
                .toList();
        PostgresCluster.until(() -> {
            Map<String, String> primaries = store.load(Host.TAILNET).orElseThrow().rows().routes().stream()
                    .filter(RouteRow::primary)
                    .collect(Collectors.toMap(
                            row -> row.prefix().toString(), row -> row.node().toString()));
            return viewers.stream()
                    .allMatch(agent -> !agent.isConnected()
                            || primaries.equals(agent.stream().carriers()));
        });
    }

    private Unserved.@Nullable Spell checkServed(Facts facts, long end, Duration impossible) {
        Unserved.Spell spell = Unserved.longest(
                agents.unserved().marks(),
                PrimaryAudit.carried(facts.primaries),
                pauses.pauses(),
                Agents::prefixOf,
                phase,
                end);
        if (spell != null) {
            assertThat(spell.millis())
                    .as("%s, for lease, grace, what the fault makes impossible, and a slow machine", spell)
                    .isLessThan(lease().plus(grace())
                            .plus(impossible)
                            .plus(SLOW_MACHINE)
                            .toMillis());
        }
        return spell;
    }
}
