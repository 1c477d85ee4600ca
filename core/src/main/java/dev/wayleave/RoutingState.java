package dev.wayleave;

import dev.wayleave.command.Problem;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.ContradictingRowsException;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything that is known about one tailnet's routes at one moment.
 *
 * <p>Successive states share most of their parts, so that a step costs what it touches. All maps are in the order of
 * their keys, regardless of the history. Two states are compared by identity: compare {@link #rows} or {@link
 * #canonicalText} for content.
 *
 * <p>Durable are users, nodes, advertised routes, approvals, denials, drains, policy, settings, primaries, which nodes
 * were candidates, and since when a router or an ephemeral node has no session: {@link #rows}; in a shared tailnet
 * also sessions of these nodes, health, and when a candidate became steady. All other sessions and timers are volatile.
 */
public final class RoutingState {

    /** Shared with no writer: a step writes to its own copy. */
    final StateFields fields;

    /** In milliseconds. */
    final long now;

    RoutingState(StateFields fields, long now) {
        this.fields = fields;
        this.now = now;
    }

    /**
     * Returns the state of a new tailnet: no user, no node, no policy (every node may reach everything that is
     * approved, and nothing is approved by itself). The first step that has rows to write has the row of the tailnet
     * too.
     *
     * @param tailnet the host's key of it
     * @param settings its rules
     * @param now the time
     * @return the state
     */
    public static RoutingState empty(TailnetId tailnet, RoutingSettings settings, Instant now) {
        return restore(emptyRows(tailnet, settings), Objects.requireNonNull(now, "now"))
                .withRow(false);
    }

    /**
     * {@return the state of a new tailnet that several processes share, as {@link #restoreShared} reads its rows}
     *
     * @param tailnet the host's key of it
     * @param settings its rules
     * @param self this process
     * @param now the time
     */
    public static RoutingState emptyShared(
            TailnetId tailnet, RoutingSettings settings, SessionHolder self, Instant now) {
        Objects.requireNonNull(self, "self");
        return restoreShared(emptyRows(tailnet, settings), self, Objects.requireNonNull(now, "now"))
                .withRow(false);
    }

    /**
     * {@return the state of a new tailnet whose sessions another process will have, as {@link #restoreWithoutSessions}
     * reads its rows}
     *
     * @param tailnet the host's key of it
     * @param settings its rules
     * @param now the time
     */
    public static RoutingState emptyWithoutSessions(TailnetId tailnet, RoutingSettings settings, Instant now) {
        return restoreWithoutSessions(emptyRows(tailnet, settings), Objects.requireNonNull(now, "now"))
                .withRow(false);
    }

    private static StateRows emptyRows(TailnetId tailnet, RoutingSettings settings) {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(settings, "settings");
        RoutingPolicy none = RoutingPolicy.builder().build();
        return new StateRows(new TailnetRow(tailnet, settings, none), List.of(), List.of(), List.of());
    }

    private RoutingState withRow(boolean hasRow) {
        StateFields next = fields.copy();
        next.hasRow = hasRow;
        return new RoutingState(next, now);
    }

    /** This state; if the row of the tailnet is among the rows, with the mark that it is written. */
    RoutingState withRowsWritten(RowChanges changes) {
        return fields.hasRow || changes.tailnetOrNull() == null ? this : withRow(true);
    }

    /**
     * Returns the state of a tailnet from its stored rows. Every node that was online as a candidate gets the restart
     * grace as a candidate in its grace: primaries stay, and nothing moves while nodes reconnect. What had begun goes
     * on: the grace of a router whose session had ended, and the idle time of an ephemeral node. The presence of any
     * other node is not stored: it is {@link dev.wayleave.mesh.Liveness#UNKNOWN} until a session comes, and offline
     * when the restart grace ends.
     *
     * <p>Rows that no state can have are refused, all at once. The first step repairs and writes these: a prefix
     * without a primary that has a candidate, a primary that is no longer the best, and a node whose row contradicts
     * whether it is a candidate, or since when it has no session. {@code O(n log n)}.
     *
     * @param rows what was stored, in any order
     * @param now the time
     * @return the state
     * @throws ContradictingRowsException if two rows have the same key, two nodes the same host key, or a prefix two
     *     primaries; if a node's owner or a route's node is missing; if a primary is not effective; or if only one exit
     *     route of a node is denied, or withdrawn
     */
    public static RoutingState restore(StateRows rows, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(now, "now");
        return StateRestorer.restore(rows, now);
    }

    /**
     * Returns the state of a tailnet that the same host left {@linkplain #isDormant dormant}, and that no process has
     * had sessions of since then. Works like {@link #restore}, except that a node whose presence is not stored is
     * offline from the start: no restart grace runs, and no node is reported as offline when it ends.
     *
     * @param rows what was stored, in any order
     * @param now the time
     * @return the state
     * @throws ContradictingRowsException as {@link #restore} does
     */
    public static RoutingState restoreDormant(StateRows rows, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(now, "now");
        return StateRestorer.restoreDormant(rows, now);
    }

    /**
     * Returns the state of a tailnet whose sessions another process has: for a second process, or a tool, that reads
     * and administers. Every stored candidate stays a candidate, in a grace without end, until rows change that; the
     * presence of all other nodes is unknown. No node ever becomes silent, absent or idle, and commands of sessions and
     * health are refused ({@link Problem.SessionsElsewhere}). Keys still expire and drains still end, because these
     * follow only from the rows.
     *
     * <p>Rows are read as {@link #restore} reads them.
     *
     * @param rows what was stored, in any order
     * @param now the time
     * @return the state; those that follow from it, and from its {@link #reload}, are of the same kind
     * @throws ContradictingRowsException as {@link #restore} does
     */
    public static RoutingState restoreWithoutSessions(StateRows rows, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(now, "now");
        return StateRestorer.restoreWithoutSessions(rows, now);
    }

    /**
     * Returns the state of a tailnet of which several processes have sessions. Rows have for each router and each
     * ephemeral node the process that has its session, its health, and since when it is steady: all that an election
     * reads, so that two processes with the same rows elect the same. Such a node is online while some process has its
     * session; only that process decides that it is silent. The sessions of all other nodes are not stored: a process
     * knows its own, and the rest are {@link dev.wayleave.mesh.Liveness#UNKNOWN}.
     *
     * <p>All processes use one clock, that of the database. If it is stepped, each process submits a {@code StepClock}
     * of its own, which shifts what only it knows. A process that is gone is reported by {@code EndSessions}. In rows
     * that a process wrote before the tailnet was shared, a candidate gets the restart grace.
     *
     * @param rows what was stored, in any order
     * @param self this start of this process
     * @param now the time
     * @return the state; those that follow from it, and from its {@link #reload}, are of the same kind
     * @throws ContradictingRowsException as {@link #restore} does
     */
    public static RoutingState restoreShared(StateRows rows, SessionHolder self, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(now, "now");
        return StateRestorer.restoreShared(rows, self, now);
    }

    /**
     * {@return the state after another process changed the rows, as of the time of this state}
     *
     * @param rows what is stored now, in any order
     * @throws ContradictingRowsException as {@link #restore} does
     * @see #reload(StateRows, Instant)
     */
    public RoutingState reload(StateRows rows) {
        Objects.requireNonNull(rows, "rows");
        return reload(rows, now());
    }

    /**
     * Returns the state after another process changed the rows: the durable part is that of the rows, the volatile
     * part is this state's, as far as its nodes are still there. A node that this state does not know, and that is a
     * candidate, gets the restart grace. {@link Routing#follow} gives the same from only the rows that changed.
     *
     * @param rows what is stored now, in any order
     * @param now from when on nodes that are new here are absent, and have their grace; one earlier than this state's
     *     is taken as this state's. The state stays true up to its own time: what is due by now is left to the next
     *     step
     * @return the state
     * @throws ContradictingRowsException as {@link #restore} does
     */
    public RoutingState reload(StateRows rows, Instant now) {
        Objects.requireNonNull(rows, "rows");
        Objects.requireNonNull(now, "now");
        return StateRestorer.reload(this, rows, now);
    }

    /** {@return the host's key of the tailnet} */
    public TailnetId tailnet() {
        return fields.sessions.tailnet();
    }

    /** {@return the rules of the tailnet} */
    public RoutingSettings settings() {
        return fields.settings;
    }

    /** {@return the policy: what the administrators wrote} */
    public RoutingPolicy policy() {
        return fields.policy;
    }

    /**
     * {@return the notices of {@link RoutingPolicy#noticesWith} about a policy in this tailnet: names that match
     * nothing here, and entries that may not mean what their author thinks}
     *
     * @param of the policy of this tailnet, or one that may come
     */
    public List<PolicyNotice> notices(RoutingPolicy of) {
        return StateTexts.notices(this, Objects.requireNonNull(of, "of"));
    }

    /** {@return the users of the tailnet, all of them} */
    public Users users() {
        return fields.users;
    }

    /** {@return the time up to which this state is true: the latest time of a step, in whole milliseconds} */
    public Instant now() {
        return Times.instant(now);
    }

    /** {@return all nodes by their number, in their order; immutable} */
    public SortedMap<NodeId, NodeState> nodes() {
        return fields.nodes;
    }

    /**
     * {@return a node, if the tailnet has it}
     *
     * @param node its number
     */
    public Optional<NodeState> node(NodeId node) {
        Objects.requireNonNull(node, "node");
        return Optional.ofNullable(fields.nodes.get(node));
    }

    /**
     * {@return the number of the node with a host key, if the tailnet has such a node}
     *
     * @param hostKey the host's own key
     */
    public Optional<NodeId> nodeWithHostKey(String hostKey) {
        Objects.requireNonNull(hostKey, "hostKey");
        return Optional.ofNullable(fields.keys.withHostKey(hostKey));
    }

    /** {@return all subnet routes that are effective on some node, by prefix, in their order; immutable} */
    public SortedMap<Prefix, RouteState> routes() {
        return fields.routes;
    }

    /**
     * {@return a subnet route, if it is effective on some node}
     *
     * @param prefix the prefix
     */
    public Optional<RouteState> route(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return Optional.ofNullable(fields.routes.get(prefix));
    }

    /**
     * {@return the node that carries a prefix for the tailnet, even one that is only kept; empty if the prefix is
     * unserved, not effective, or an exit route}
     *
     * @param prefix a subnet route
     */
    public Optional<NodeId> primary(Prefix prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return route(prefix).flatMap(RouteState::primary);
    }

    /**
     * {@return when time will next change something by itself, so that a step then misses nothing: in whole
     * milliseconds, {@link #now} if something is due at once; empty if nothing ever happens by itself} {@code O(log
     * n)}.
     */
    public Optional<Instant> nextDeadline() {
        long next = fields.repairs.isEmpty() ? fields.nextDue() : now;
        return next == Deadline.NEVER ? Optional.empty() : Optional.of(Times.instant(Math.max(next, now)));
    }

    /**
     * Returns whether a host may forget this state, keep its rows, and go on with {@link #restoreDormant} or
     * {@link #restoreShared} later: no node has a session, not even one that fell silent; no grace runs; no ephemeral
     * node is left, whose idle time counts from its session; and no row waits to be repaired. What other processes see
     * to does not count. As after a restart, two things are lost: reports about the health of nodes, and since when
     * nodes that are not routers are absent. Only dates are due later: the expiry of keys, and the ends of drains.
     * {@code O(1)} while a session is live, otherwise {@code O(n)}.
     *
     * @return true if the rows have everything that is still needed
     */
    public boolean isDormant() {
        return fields.heard.earliestTime() == Deadline.NEVER
                && fields.repairs.isEmpty()
                && fields.failBacks.isEmpty()
                && fields.nodes.values().stream().allMatch(NodeState::isDormant);
    }

    /**
     * {@return the processes that have sessions of nodes, or had the last ones, where several share the tailnet} A
     * process that is gone is listed until {@link dev.wayleave.command.Command.EndSessions}. {@code O(1)}.
     */
    public Set<SessionHolder> sessionHolders() {
        return fields.sessions.holders().keySet();
    }

    /**
     * {@return when something was last heard on the current session of a node; empty if it has no session here, or one
     * that fell silent}
     *
     * @param node the node
     */
    public Optional<Instant> lastHeard(NodeId node) {
        Objects.requireNonNull(node, "node");
        NodeState state = fields.nodes.get(node);
        return state == null || !state.isListening()
                ? Optional.empty()
                : Optional.of(Times.instant(fields.heard.at(state.slot())));
    }

    /** {@return the durable part as rows: what a store holds after it has written all changes} {@code O(n)}. */
    public StateRows rows() {
        return RowDiff.rows(this);
    }

    /**
     * {@return everything, durable and volatile, as lines of text: equal for equal states, on every machine}
     * {@code O(n)}.
     */
    public String canonicalText() {
        return CanonicalText.of(this);
    }

    /** {@return SHA-256 of {@link #canonicalText} in UTF-8, as 64 hexadecimal digits} {@code O(n)}. */
    public String digest() {
        return CanonicalText.digest(this);
    }

    /**
     * {@return the names of the nodes and of the entries of the policy, for texts; a node that the tailnet does not
     * have is called {@code node 3}}
     */
    public Names names() {
        return StateTexts.names(this);
    }

    /**
     * {@return the same names, and those of the nodes that only an earlier state has: for texts about nodes that are
     * gone}
     *
     * @param earlier the earlier state
     */
    public Names names(RoutingState earlier) {
        Objects.requireNonNull(earlier, "earlier");
        return StateTexts.names(this, earlier);
    }

    /** {@return tailnet, time and sizes, for a person to read} */
    @Override
    public String toString() {
        return tailnet() + " at " + now() + ": " + nodes().size() + " nodes, " + routes().size() + " prefixes";
    }
}
