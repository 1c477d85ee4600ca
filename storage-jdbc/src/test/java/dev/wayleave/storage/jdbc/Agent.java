package dev.wayleave.storage.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One node of the load, or one administrator: asks one process at a time, and goes to another process when its session
 * is lost, or an answer does not come in time.
 */
final class Agent implements Runnable {

    /** What an agent does all day. */
    enum Kind {
        /**
         * Carries a prefix with two other routers; leaves, comes back, is ill for a moment, advertises another prefix.
         */
        ROUTER(1_500),
        /** Has a session, reads, and advertises a prefix at times, which no administrator approves. */
        LAPTOP(3_000),
        /** Has a session that is stored. */
        EPHEMERAL(3_000),
        /**
         * Has no session: advertises prefixes for a node, each once, at times only if the tailnet has the revision that
         * it has read; approves them, drains routers, and reads.
         */
        ADMINISTRATOR(400);

        /** How long it waits between two commands, on average. */
        private final int millis;

        Kind(int millis) {
            this.millis = millis;
        }

        int millis() {
            return millis;
        }
    }

    /** How long an agent waits for an answer before it goes to another process. */
    static final int PATIENCE_MILLIS = 2_000;

    /**
     * And for a session, if the last process gave no answer either: where all answers take longer than the agents wait,
     * each process would do all its work for agents that have left.
     */
    private static final int LONGER_MILLIS = 4_000;

    private final long node;
    private final Kind kind;
    private final Agents agents;
    private final Random random;
    private volatile AgentStream stream;
    private volatile @Nullable String session;
    private volatile @Nullable SharedChild replica;
    private volatile boolean isDead;

    /** The session that may be there, also if no answer came. */
    private @Nullable String tried;

    private int home;

    /** How many processes in a row did not answer when they were asked for a session. */
    private int unanswered;

    private int sessions;
    private int asks;
    private int advertised;

    Agent(long node, Kind kind, Agents agents) {
        this.node = node;
        this.kind = kind;
        this.agents = agents;
        this.random = new Random(node);
        this.home = (int) (node % Agents.REPLICAS);
        this.stream = new AgentStream(toString(), agents.contradictions());
    }

    /** No answer came in time, or the process could not give one. */
    private static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;

        Unanswered(String why) {
            super(why, null, false, false);
        }
    }

    long node() {
        return node;
    }

    Kind kind() {
        return kind;
    }

    AgentStream stream() {
        return stream;
    }

    boolean isOn(String asked) {
        return asked.equals(session);
    }

    boolean isConnected() {
        return session != null || kind == Kind.ADMINISTRATOR;
    }

    boolean isAt(int index) {
        SharedChild at = replica;
        return at != null && at.index() == index && session != null;
    }

    /** The process has no session of this agent any more: the agent connects again. */
    void lost(SharedChild by) {
        if (by == replica) {
            if (kind == Kind.ROUTER) {
                agents.unserved().lost(node);
            }
            session = null;
            agents.hurry(this);
        }
    }

    /** The machine of the agent dies, or comes back. */
    void die(boolean dead) {
        if (dead && kind == Kind.ROUTER) {
            agents.unserved().down(node);
        }
        isDead = dead;
        agents.hurry(this);
    }

    @Override
    public void run() {
        while (agents.goOn()) {
            try {
                if (!isDead) {
                    turn();
                }
            } catch (Unanswered e) {
                moveOn();
            } catch (InterruptedException e) {
                return;
            } finally {
                agents.turnIsOver();
            }
            agents.pause(isConnected() || isDead ? random.nextInt(2 * kind.millis()) : 20 + random.nextInt(100));
        }
    }

    private void turn() throws Unanswered, InterruptedException {
        if (kind == Kind.ADMINISTRATOR) {
            administrate();
        } else if (session == null) {
            connect();
        } else if (random.nextInt(5) == 0) {
            disconnect();
        } else if (kind == Kind.ROUTER) {
            route();
        } else if (kind == Kind.LAPTOP) {
            useLaptop();
        } else {
            keepAlive();
        }
    }

    // ---- sessions

    private void connect() throws Unanswered, InterruptedException {
        if (kind == Kind.ROUTER) {
            agents.unserved().asks(node);
        }
        SharedChild chosen = open(home);
        leave();
        String next = node + "-" + ++sessions;
        tried = next;
        replica = chosen;
        var answer = send(chosen, kind == Kind.LAPTOP, null, new Command.ConnectSession(id(), new SessionId(next)));
        await(answer, unanswered++ == 0 ? PATIENCE_MILLIS : LONGER_MILLIS);
        unanswered = 0;
        stream = new AgentStream(toString(), agents.contradictions());
        session = next;
        chosen.stream(node, next, this);
        if (kind == Kind.ROUTER && !isDead) {
            agents.unserved().up(node);
        }
    }

    private void disconnect() throws Unanswered, InterruptedException {
        String ended = session;
        if (kind == Kind.ROUTER) {
            agents.unserved().down(node);
        }
        leave();
        home = random.nextInt(Agents.REPLICAS);
        session = null;
        tried = null;
        if (ended != null) {
            ask(replica(), kind == Kind.LAPTOP, new Command.DisconnectSession(id(), new SessionId(ended)));
        }
    }

    private void leave() {
        SharedChild last = replica;
        if (last != null) {
            last.leave(node);
        }
    }

    /** The connection is given up: the process notices its end when it can. */
    private void moveOn() {
        SharedChild last = replica;
        String ended = tried;
        leave();
        session = null;
        tried = null;
        if (last != null && ended != null) {
            var unused = send(last, true, null, new Command.DisconnectSession(id(), new SessionId(ended)));
        }
        home = (home + 1) % Agents.REPLICAS;
    }

    // ---- commands

    private void keepAlive() throws Unanswered, InterruptedException {
        String current = session;
        if (current != null) {
            ask(replica(), true, new Command.KeepAlive(id(), new SessionId(current)));
        }
    }

    private void route() throws Unanswered, InterruptedException {
        int what = random.nextInt(4);
        if (what == 0) {
            beIll();
        } else if (what == 1) {
            ask(
                    replica(),
                    false,
                    new Command.AdvertiseRoutes(
                            id(), List.of(Agents.shared(node), Agents.own(node, ++advertised % 2))));
        } else {
            keepAlive();
        }
    }

    private void beIll() throws Unanswered, InterruptedException {
        String current = session;
        if (current == null) {
            return;
        }
        agents.unserved().down(node);
        ask(replica(), false, new Command.ReportHealth(id(), null, Health.UNHEALTHY, new SessionId(current)));
        ask(replica(), false, new Command.ReportHealth(id(), null, Health.HEALTHY, new SessionId(current)));
        if (current.equals(session) && !isDead) {
            agents.unserved().up(node);
        }
    }

    private void useLaptop() throws Unanswered, InterruptedException {
        int what = random.nextInt(12);
        if (what == 0) {
            ask(replica(), false, advertisedOnce());
        } else if (what < 5) {
            read();
        } else {
            keepAlive();
        }
    }

    private Command advertisedOnce() {
        return new Command.AdvertiseRoutes(id(), List.of(Agents.once(node, ++advertised)));
    }

    private void administrate() throws Unanswered, InterruptedException {
        SharedChild at = open(home);
        replica = at;
        int what = random.nextInt(10);
        if (what < 2) {
            read();
        } else if (what < 4) {
            long revision = read();
            replica = open(random.nextInt(Agents.REPLICAS));
            await(send(replica(), false, revision, advertisedOnce()));
        } else if (what < 5) {
            NodeId router = new NodeId(1 + random.nextInt(agents.routers()));
            ask(at, false, new Command.DrainNode(router, null, false));
            ask(at, false, new Command.UndrainNode(router));
        } else {
            ask(at, false, advertisedOnce());
            if (advertised % 5 == 0) {
                List<Prefix> prefix = List.of(Agents.once(node, advertised));
                ask(at, false, new Command.ApproveRoutes(id(), prefix));
                ask(at, false, new Command.RevokeRoutes(id(), prefix));
            }
        }
        home = random.nextInt(Agents.REPLICAS);
    }

    /** Returns the revision. */
    @CanIgnoreReturnValue
    private long read() throws Unanswered, InterruptedException {
        String id = nextId();
        long begun = System.nanoTime();
        CompletableFuture<String[]> answer = replica().ask("read", id, "");
        agents.record().follow(id, false, null, begun, answer);
        return Long.parseLong(await(answer)[2]);
    }

    private void ask(SharedChild to, boolean isLocal, Command... commands) throws Unanswered, InterruptedException {
        await(send(to, isLocal, null, commands));
    }

    /**
     * Sends a submission. A local one – of a session that is not stored, a keep-alive – reads nothing.
     *
     * @param expected the revision that the tailnet must have; null if it may have any
     */
    private CompletableFuture<String[]> send(
            SharedChild to, boolean isLocal, @Nullable Long expected, Command... commands) {
        String id = nextId();
        String json = RoutingJson.write(new Submission(new Actor(toString()), id, List.of(commands)));
        long begun = System.nanoTime();
        CompletableFuture<String[]> answer =
                expected == null ? to.ask("submit", id, json) : to.ask("expect", id, expected + " " + json);
        agents.record().follow(id, isLocal, expected, begun, answer);
        return answer;
    }

    @CanIgnoreReturnValue
    private static String[] await(CompletableFuture<String[]> answer) throws Unanswered, InterruptedException {
        return await(answer, PATIENCE_MILLIS);
    }

    @CanIgnoreReturnValue
    private static String[] await(CompletableFuture<String[]> answer, int patienceMillis)
            throws Unanswered, InterruptedException {
        try {
            String[] words = answer.get(patienceMillis, TimeUnit.MILLISECONDS);
            if (words[0].equals("failed")) {
                throw new Unanswered(words[2]);
            }
            return words;
        } catch (TimeoutException | ExecutionException e) {
            throw new Unanswered(e.toString());
        }
    }

    private synchronized String nextId() {
        return "a" + node + "-" + ++asks;
    }

    private NodeId id() {
        return new NodeId(node);
    }

    /** A process that starts or stops listens to no new connection: the agent need not wait to find this out. */
    private SharedChild open(int index) throws Unanswered {
        SharedChild chosen = agents.replica(index);
        if (!chosen.isOpen()) {
            throw new Unanswered("refused");
        }
        return chosen;
    }

    private SharedChild replica() throws Unanswered {
        SharedChild at = replica;
        if (at == null) {
            throw new Unanswered("no process");
        }
        return at;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + node;
    }
}
