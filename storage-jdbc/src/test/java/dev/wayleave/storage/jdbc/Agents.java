package dev.wayleave.storage.jdbc;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The agents of a tailnet, spread over the processes that share it, as threads: routers, of which three each carry one
 * prefix, laptops, ephemeral nodes, and administrators.
 */
final class Agents {

    static final int REPLICAS = 3;

    private static final int STACK = 1 << 17;

    private final SharedChild[] replicas;
    private final List<Agent> all = new ArrayList<>();
    private final Map<Agent, Thread> threads = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
    private final AgentRecord record = new AgentRecord();
    private final Unserved unserved = new Unserved();
    private final List<String> contradictions = new CopyOnWriteArrayList<>();
    private final int routers;
    private volatile boolean isOver;

    /**
     * Makes agents, a third of which are routers.
     *
     * @param count how many; 12 or more
     * @param replicas the processes, which the test replaces
     */
    Agents(int count, SharedChild[] replicas) {
        this.replicas = replicas;
        this.routers = count / 9 * 3;
        int administrators = Math.max(2, count / 30);
        int ephemeral = count / 10;
        for (int node = 1; node <= count; node++) {
            all.add(new Agent(
                    node,
                    node <= routers
                            ? Agent.Kind.ROUTER
                            : node <= routers + administrators
                                    ? Agent.Kind.ADMINISTRATOR
                                    : node <= routers + administrators + ephemeral
                                            ? Agent.Kind.EPHEMERAL
                                            : Agent.Kind.LAPTOP,
                    this));
        }
    }

    // ---- the tailnet

    static long prefixOf(long router) {
        return (router - 1) / 3;
    }

    /** The prefix of three routers. */
    static Prefix shared(long router) {
        return Prefix.parse("192.168." + prefixOf(router) + ".0/24");
    }

    static long numberOf(String shared) {
        return shared.startsWith("192.168.") ? Long.parseLong(shared.split("\\.")[2]) : -1;
    }

    /** A prefix that a router advertises at times; no administrator approves it. */
    static Prefix own(long router, int which) {
        return Prefix.parse("172." + (16 + which) + "." + router + ".0/24");
    }

    /** A prefix that is advertised once. */
    static Prefix once(long node, int number) {
        return Prefix.parse("10." + (node % 10 * 16 + number / 256) + "." + number % 256 + ".0/24");
    }

    /** All nodes, with the routes of the routers. */
    Submission registered() {
        List<Command> commands = new ArrayList<>();
        for (Agent agent : all) {
            NodeId node = new NodeId(agent.node());
            commands.add(new Command.RegisterNode(Node.builder(node, "node-" + node, Owner.tags("tag:node"))
                    .ephemeral(agent.kind() == Agent.Kind.EPHEMERAL)
                    .build()));
            if (agent.kind() == Agent.Kind.ROUTER) {
                List<Prefix> prefix = List.of(shared(agent.node()));
                commands.add(new Command.AdvertiseRoutes(node, prefix));
                commands.add(new Command.SetApprovedRoutes(node, prefix));
            }
        }
        return new Submission(new Actor("test"), "registered", commands);
    }

    int routers() {
        return routers;
    }

    // ---- what they do

    /** Registers the nodes, starts all agents, and waits until each has a session. */
    void start() throws Exception {
        String[] answer = replicas[0]
                .ask("submit", "registered", RoutingJson.write(registered()))
                .get(1, TimeUnit.MINUTES);
        if (!answer[0].equals("answer") || !answer[3].startsWith("accepted")) {
            throw new AssertionError(String.join(" ", answer));
        }
        for (Agent agent : all) {
            Thread thread = new Thread(null, agent, agent.toString(), STACK);
            threads.put(agent, thread);
            thread.setDaemon(true);
            thread.start();
        }
        awaitConnected();
    }

    void awaitConnected() {
        PostgresCluster.until(
                () -> all.stream().filter(agent -> !agent.isConnected()).count() * 20 < all.size());
    }

    /** Lets no agent do anything; each has ended what it did. */
    void hold() {
        gate.writeLock().lock();
    }

    void release() {
        gate.writeLock().unlock();
    }

    void end() throws InterruptedException {
        isOver = true;
        threads.values().forEach(LockSupport::unpark);
        for (Thread thread : threads.values()) {
            thread.interrupt();
            thread.join();
        }
    }

    /** The machines of a third of the routers at a process die with it, for good or until they {@link #revive}. */
    List<Agent> die(int index) {
        List<Agent> dead = all.stream()
                .filter(agent -> agent.kind() == Agent.Kind.ROUTER && agent.isAt(index))
                .filter(agent -> Agents.prefixOf(agent.node()) % 3 == 0)
                .toList();
        dead.forEach(agent -> agent.die(true));
        return dead;
    }

    static void revive(List<Agent> dead) {
        dead.forEach(agent -> agent.die(false));
    }

    // ---- for agents

    SharedChild replica(int index) {
        return replicas[index];
    }

    /** Waits until agents may do something; returns false when all is over. */
    boolean goOn() {
        gate.readLock().lock();
        boolean goesOn = !isOver;
        if (!goesOn) {
            gate.readLock().unlock();
        }
        return goesOn;
    }

    void turnIsOver() {
        gate.readLock().unlock();
    }

    void pause(int millis) {
        if (!isOver) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    void hurry(Agent agent) {
        LockSupport.unpark(threads.get(agent));
    }

    AgentRecord record() {
        return record;
    }

    Unserved unserved() {
        return unserved;
    }

    List<String> contradictions() {
        return contradictions;
    }

    List<Agent> all() {
        return all;
    }
}
