package dev.wayleave.testing;

import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.settings.RoutingSettingsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A tailnet in a test: takes what happens, shows what follows, and has a clock of its own.
 *
 * <pre>{@code
 * Scenario.of(RoutingSettings.DEFAULT)
 *         .router("a", "10.0.0.0/8").router("b", "10.0.0.0/8")
 *         .disconnect("a").expectPrimary("10.0.0.0/8", "a")
 *         .after(Duration.ofSeconds(15)).expectPrimary("10.0.0.0/8", "b");
 * }</pre>
 *
 * <p>Each call is a step of its own, unless it is in {@link #together}. Time passes as it does for a host that sleeps
 * until the next deadline; nodes that are online are heard every minute unless they {@link #fallSilent}. After every
 * step all {@link Invariants} are checked, and what a store would hold is kept up by the changes alone.
 */
public final class Scenario {

    /** When every scenario begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

    private final Actor actor = new Actor("administrator");
    private final Map<String, NodeId> names = new TreeMap<>();
    private final Map<NodeId, SessionId> sessions = new TreeMap<>();
    private final Map<NodeId, SessionId> lastSessions = new TreeMap<>();
    private final TreeSet<NodeId> silent = new TreeSet<>();
    private final List<Script.Moment> moments = new ArrayList<>();
    private final List<RouteEvent> events = new ArrayList<>();
    private final List<Submission> together = new ArrayList<>();
    private final RoutingState start;
    private boolean collecting;
    private RoutingState state;
    private StateRows stored;
    private Step last;
    private int sessionCount;
    private Instant now;

    private Scenario(RoutingState start) {
        this.start = start;
        this.state = start;
        this.stored = start.rows();
        this.now = start.now();
        this.last = Routing.step(start, List.of(), now);
    }

    /** An empty tailnet with these settings. */
    public static Scenario of(RoutingSettings settings) {
        return new Scenario(RoutingState.empty(new TailnetId("example.com"), settings, START));
    }

    /** An empty tailnet with the default settings. */
    public static Scenario begin() {
        return of(RoutingSettings.DEFAULT);
    }

    // what happens

    /** Adds a user whose key is the name and whose e-mail is {@code name@example.com}. */
    public Scenario user(String name) {
        List<User> users = new ArrayList<>(state.users().all());
        users.add(User.builder(new UserId(name), name)
                .email(name + "@example.com")
                .build());
        return run(new Command.SetUsers(Users.of(users)));
    }

    /** Replaces the policy by one that is written in HuJSON. */
    public Scenario policy(String hujson) {
        return run(new Command.SetPolicy(PolicyReader.read(hujson)));
    }

    public Scenario settings(UnaryOperator<RoutingSettingsBuilder> change) {
        return run(new Command.SetSettings(
                change.apply(state.settings().toBuilder()).build()));
    }

    /** Registers a node with {@code tag:router}; numbers are given in order, from 1. */
    public Scenario register(String name) {
        return register(name, builder -> {});
    }

    public Scenario register(String name, Consumer<Node.Builder> more) {
        NodeId id = names.computeIfAbsent(name, n -> new NodeId(names.size() + 1L));
        Node.Builder builder = Node.builder(id, name, Owner.tags("tag:router")).registeredAt(now);
        more.accept(builder);
        return run(new Command.RegisterNode(builder.build()));
    }

    /** Registers a node, connects it, lets it advertise and approves that. */
    public Scenario router(String name, String... prefixes) {
        return register(name).connect(name).advertise(name, prefixes).approve(name, prefixes);
    }

    public Scenario change(String name, Consumer<Node.Builder> change) {
        Node.Builder builder = facts(name).toBuilder();
        change.accept(builder);
        return run(new Command.UpdateNode(builder.build()));
    }

    public Scenario remove(String name) {
        sessions.remove(id(name));
        return run(new Command.RemoveNode(id(name)));
    }

    public Scenario advertise(String name, String... prefixes) {
        return run(new Command.AdvertiseRoutes(id(name), prefixes(prefixes)));
    }

    public Scenario approve(String name, String... prefixes) {
        return run(new Command.SetApprovedRoutes(id(name), prefixes(prefixes)));
    }

    public Scenario revoke(String name, String... prefixes) {
        return run(new Command.RevokeRoutes(id(name), prefixes(prefixes)));
    }

    public Scenario importApprovals(String name, String... prefixes) {
        return run(new Command.ImportApprovals(id(name), prefixes(prefixes), "another system"));
    }

    /** Opens a session with a key of its own. */
    public Scenario connect(String name) {
        SessionId session = new SessionId("session-" + ++sessionCount);
        Optional.ofNullable(sessions.put(id(name), session)).ifPresent(old -> lastSessions.put(id(name), old));
        silent.remove(id(name));
        return run(new Command.ConnectSession(id(name), session));
    }

    /** Ends the current session. */
    public Scenario disconnect(String name) {
        SessionId session = sessions.remove(id(name));
        lastSessions.put(id(name), session);
        return run(new Command.DisconnectSession(id(name), session));
    }

    /** Says that the session before the current one ended: news that comes late. */
    public Scenario disconnectOld(String name) {
        return run(new Command.DisconnectSession(id(name), lastSessions.get(id(name))));
    }

    public Scenario keepAlive(String name) {
        return run(new Command.KeepAlive(id(name), sessions.get(id(name))));
    }

    /** From now on nothing is heard of the node, though its session stays open. */
    public Scenario fallSilent(String name) {
        silent.add(id(name));
        return this;
    }

    /** The silent session is heard again. */
    public Scenario speakAgain(String name) {
        silent.remove(id(name));
        return keepAlive(name);
    }

    public Scenario unhealthy(String name) {
        return run(new Command.ReportHealth(id(name), Health.UNHEALTHY));
    }

    public Scenario unhealthy(String name, String prefix) {
        return run(new Command.ReportHealth(id(name), Prefix.parse(prefix), Health.UNHEALTHY));
    }

    public Scenario healthy(String name) {
        return run(new Command.ReportHealth(id(name), Health.HEALTHY));
    }

    public Scenario drain(String name) {
        return run(new Command.DrainNode(id(name)));
    }

    public Scenario drain(String name, Duration length, boolean forced) {
        return run(new Command.DrainNode(id(name), now.plus(length), forced));
    }

    public Scenario undrain(String name) {
        return run(new Command.UndrainNode(id(name)));
    }

    /** The host's clock is stepped, and the host reports it. */
    public Scenario stepClock(Duration by) {
        now = now.plus(by);
        return run(new Command.StepClock(by));
    }

    /** Any commands, as one submission. */
    public Scenario run(Command... commands) {
        together.add(new Submission(actor, null, Arrays.asList(commands)));
        if (!collecting) {
            step();
        }
        return this;
    }

    /** All that is called inside is one step with a submission each. */
    public Scenario together(Consumer<Scenario> calls) {
        collecting = true;
        calls.accept(this);
        collecting = false;
        step();
        return this;
    }

    /** Lets time pass as for a host that takes a step at every deadline. */
    public Scenario after(Duration time) {
        Instant until = now.plus(time);
        while (now.isBefore(until)) {
            Instant next = until;
            Instant keepAlive = now.plus(KEEP_ALIVE);
            next = keepAlive.isBefore(next) ? keepAlive : next;
            Instant deadline = state.nextDeadline().orElse(Instant.MAX);
            next = deadline.isBefore(next) && deadline.isAfter(now) ? deadline : next;
            now = next;
            for (Map.Entry<NodeId, SessionId> session : sessions.entrySet()) {
                if (!silent.contains(session.getKey())) {
                    together.add(new Submission(
                            actor, null, List.of(new Command.KeepAlive(session.getKey(), session.getValue()))));
                }
            }
            step();
        }
        return this;
    }

    /** Lets time pass as for a host that was unloaded: one step at the end, and nothing heard. */
    public Scenario sleep(Duration time) {
        now = now.plus(time);
        step();
        return this;
    }

    /** Stops, and starts again some time later. */
    public Scenario restartAfter(Duration down) {
        now = now.plus(down);
        return restart();
    }

    /** Stops and starts again with nothing but the stored rows; every session is gone. */
    public Scenario restart() {
        sessions.clear();
        silent.clear();
        state = RoutingState.restore(stored, now);
        Invariants.check(state);
        return this;
    }

    private void step() {
        Step step = Routing.step(state, together, now);
        Invariants.check(state, together, step);
        moments.add(new Script.Moment(now, together));
        together.clear();
        stored = step.rowChanges().applyTo(stored);
        state = step.next();
        events.addAll(step.events());
        last = step;
        require(stored.equals(state.rows()), "the stored rows are those of the state");
    }

    // what became of it

    public Scenario expectPrimary(String prefix, String name) {
        Optional<NodeId> primary = state.primary(Prefix.parse(prefix));
        require(
                primary.equals(Optional.of(id(name))) && !route(prefix).isKept(),
                prefix + " is carried by " + name + ", not by " + primary(prefix));
        return this;
    }

    public Scenario expectKept(String prefix, String name) {
        Optional<NodeId> primary = state.primary(Prefix.parse(prefix));
        require(
                primary.equals(Optional.of(id(name))) && route(prefix).isKept(),
                prefix + " is kept by " + name + ", not by " + primary(prefix));
        return this;
    }

    public Scenario expectUnserved(String prefix) {
        Optional<NodeId> primary = state.primary(Prefix.parse(prefix));
        require(primary.isEmpty(), prefix + " is unserved, not carried by " + primary(prefix));
        return this;
    }

    public Scenario expectLiveness(String name, Liveness liveness) {
        require(
                node(name).liveness() == liveness,
                name + " is " + liveness + ", not " + node(name).liveness());
        return this;
    }

    public Scenario expectEffective(String name, String... prefixes) {
        require(
                node(name).effective().equals(new TreeSet<>(prefixes(prefixes))),
                name + " has " + Arrays.toString(prefixes) + ", not "
                        + node(name).effective());
        return this;
    }

    public Scenario expectApproved(String name, String... prefixes) {
        require(
                node(name).approvals().approved().keySet().equals(new TreeSet<>(prefixes(prefixes))),
                name + " may carry " + Arrays.toString(prefixes) + ", not "
                        + node(name).approvals());
        return this;
    }

    public Scenario expectGone(String name) {
        require(state.node(names.get(name)).isEmpty(), name + " is gone");
        return this;
    }

    /** The last step had no event and touched nothing. */
    public Scenario expectQuiet() {
        require(last.events().isEmpty() && last.touched().isEmpty(), "nothing happened, but " + last.events());
        return this;
    }

    /** No prefix moved in any step since this was asked last, or since the start. */
    public Scenario expectNoMove() {
        List<RouteEvent> moves = events.stream()
                .filter(event -> event instanceof RouteEvent.PrimaryMoved || event instanceof RouteEvent.PrefixUnserved)
                .toList();
        require(moves.isEmpty(), "nothing moved, but " + moves);
        return forgetEvents();
    }

    public Scenario forgetEvents() {
        events.clear();
        return this;
    }

    public Scenario expectEvent(Class<? extends RouteEvent> type) {
        require(
                events.stream().anyMatch(type::isInstance),
                "one event is " + type.getSimpleName() + ", but there are " + events);
        return this;
    }

    public Scenario expectNoEvent(Class<? extends RouteEvent> type) {
        require(
                events.stream().noneMatch(type::isInstance),
                "no event is " + type.getSimpleName() + ", but there are " + events);
        return this;
    }

    /** Every submission of the last step was accepted. */
    public Scenario expectAccepted() {
        require(
                last.results().stream().allMatch(SubmissionResult.Accepted.class::isInstance),
                "accepted, not " + last.results());
        return this;
    }

    /** Some submission of the last step was refused. */
    public Scenario expectRefused() {
        require(
                last.results().stream().anyMatch(SubmissionResult.Refused.class::isInstance),
                "refused, not " + last.results());
        return this;
    }

    /** Some session command of the last step changed nothing. */
    public Scenario expectIgnored() {
        require(
                last.results().stream()
                        .filter(SubmissionResult.Accepted.class::isInstance)
                        .flatMap(result -> ((SubmissionResult.Accepted) result).remarks().stream())
                        .anyMatch(SubmissionResult.SessionIgnored.class::isInstance),
                "a session was ignored, but " + last.results());
        return this;
    }

    /** Nothing was written in the last step. */
    public Scenario expectNothingWritten() {
        require(last.rowChanges().isEmpty(), "nothing is written, but " + last.rowChanges());
        return this;
    }

    public RoutingState state() {
        return state;
    }

    public Step last() {
        return last;
    }

    public List<RouteEvent> events() {
        return List.copyOf(events);
    }

    public StateRows stored() {
        return stored;
    }

    public Instant now() {
        return now;
    }

    /** All that happened so far, as data. */
    public Script script() {
        return new Script(start, moments);
    }

    public NodeId id(String name) {
        NodeId id = names.get(name);
        require(id != null, "there is a node called " + name);
        return id;
    }

    public dev.wayleave.NodeState node(String name) {
        return state.node(id(name)).orElseThrow(() -> new AssertionError("expected that " + name + " is there"));
    }

    private Node facts(String name) {
        return node(name).facts();
    }

    private RouteState route(String prefix) {
        return state.route(Prefix.parse(prefix)).orElseThrow();
    }

    private String primary(String prefix) {
        Map<NodeId, String> byId = new LinkedHashMap<>();
        names.forEach((name, id) -> byId.put(id, name));
        return state.primary(Prefix.parse(prefix)).map(byId::get).orElse("no node");
    }

    private static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::parse).collect(Collectors.toList());
    }

    private static void require(boolean holds, String expectation) {
        if (!holds) {
            throw new AssertionError("expected that " + expectation);
        }
    }
}
