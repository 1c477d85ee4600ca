package dev.wayleave.storage;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionHolder;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.TailnetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the other processes of a shared tailnet which sessions this one has of nodes that are neither routers nor
 * ephemeral, and takes their reports: whether these nodes are connected is in no row. Best effort.
 *
 * <pre>
 *   a session begins or ends here ──► report of the node ─────────────────► ReportSession there
 *   messages may have been missed ──► question about all nodes ──► reports of ranges of nodes, one after the other
 *   a node is a router no more    ──► question about the node ───► report of the node
 * </pre>
 *
 * <p>Several threads call it: the loop publishes, and the channel asks and delivers.
 */
final class SessionReports implements PublicationListener, SessionChannel.Member {

    /** The largest number of reports of unknown nodes that are kept until these nodes are known. */
    private static final int MOST_EARLY = 10_000;

    /** The bytes of a message without its nodes: kind, holder, and the ends of a range. */
    private static final int HEAD = 1_000;

    private final TailnetId tailnet;
    private final SessionHolder self;
    private final Supplier<RoutingState> current;
    private final SubmittedReports submitted;

    // guarded by this

    private @Nullable QuietMembership membership;
    private boolean toAskAll;
    private final Set<NodeId> toAsk = new TreeSet<>();
    private final Set<NodeId> toReport = new TreeSet<>();

    /** The node at which the report of all nodes goes on; null if none is due. */
    private @Nullable NodeId allFrom;

    /** Reports of nodes that this process does not know yet: it has not read the commit that registers them. */
    private final Map<NodeId, Command.ReportSession> early = new LinkedHashMap<>();

    /**
     * Creates the reports of a process that has no session yet.
     *
     * @param self this process
     * @param current the newest published state
     * @param submit takes the commands; does not block
     */
    SessionReports(
            TailnetId tailnet,
            SessionHolder self,
            Supplier<RoutingState> current,
            Function<Submission, CompletionStage<Receipt>> submit) {
        this.tailnet = tailnet;
        this.self = self;
        this.current = current;
        this.submitted = new SubmittedReports(submit, this::askWithNextMessage);
    }

    /** Takes part, and asks: the channel may have been listening for long. */
    synchronized void connect(SessionChannel channel) {
        membership = new QuietMembership(tailnet, Objects.requireNonNull(channel.join(this), "the membership"));
        toAskAll = true;
        wakeIfDue();
    }

    synchronized void close() {
        if (membership != null) {
            membership.close();
            membership = null;
        }
    }

    @Override
    public TailnetId tailnet() {
        return tailnet;
    }

    // ---- what this process reports

    @Override
    public void published(Publication publication) {
        RoutingState before = publication.before().state();
        RoutingState after = publication.after().state();
        List<Command.ReportSession> known = new ArrayList<>();
        synchronized (this) {
            for (NodeId id : changed(publication)) {
                NodeState last = before.node(id).orElse(null);
                NodeState next = after.node(id).orElse(null);
                Command.ReportSession report = next == null ? null : early.remove(id);
                if (next == null || next.isTracked()) {
                    continue;
                }
                if (!session(before, last).equals(session(after, next))) {
                    toReport.add(id);
                } else if (last != null && last.isTracked()) {
                    toAsk.add(id);
                }
                if (report != null) {
                    known.add(report);
                }
            }
            submitted.add(known);
            wakeIfDue();
        }
        submitted.submit();
    }

    /**
     * Reports the sessions that a submission opens, once it is answered: a node that was online before, here or
     * elsewhere, is named by no publication then.
     */
    void reportAfter(CompletionStage<Receipt> answer, Submission submission) {
        for (Command command : submission.commands()) {
            if (command instanceof Command.ConnectSession connect) {
                var unused = answer.thenRun(() -> connected(connect.node()));
            }
        }
    }

    private synchronized void connected(NodeId node) {
        reportIfHere(node);
        wakeIfDue();
    }

    private void reportIfHere(NodeId node) {
        RoutingState state = current.get();
        if (session(state, state.node(node).orElse(null)).isPresent()) {
            toReport.add(node);
        }
    }

    private Collection<NodeId> changed(Publication publication) {
        if (publication.touchedOrNull() == null) {
            return publication.after().state().nodes().keySet();
        }
        Set<NodeId> nodes = new TreeSet<>(publication.touchedOrNull().nodes());
        nodes.addAll(publication.touchedOrNull().presence());
        for (PublishedEvent event : publication.events()) {
            if (event.event() instanceof RouteEvent.OfNode ofNode) {
                nodes.add(ofNode.node());
            }
        }
        return nodes;
    }

    /** The session that this process has of a node of which nothing is stored. */
    private static Optional<SessionId> session(RoutingState of, @Nullable NodeState node) {
        return node != null && !node.isTracked() && of.lastHeard(node.id()).isPresent()
                ? node.session()
                : Optional.empty();
    }

    private void wakeIfDue() {
        if (membership != null && (toAskAll || allFrom != null || !toAsk.isEmpty() || !toReport.isEmpty())) {
            membership.wake();
        }
    }

    @Override
    public synchronized Optional<String> nextMessage() {
        if (toAskAll) {
            toAskAll = false;
            toAsk.clear();
            return Optional.of(ReportMessage.ask(self, List.of()).text());
        }
        if (!toAsk.isEmpty()) {
            return Optional.of(ReportMessage.ask(self, firstOf(toAsk).keySet()).text());
        }
        if (!toReport.isEmpty()) {
            return Optional.of(ReportMessage.some(self, firstOf(toReport)).text());
        }
        return allFrom == null ? Optional.empty() : Optional.of(range(allFrom).text());
    }

    /** Takes as many nodes as one message can have. */
    private SortedMap<NodeId, Optional<SessionId>> firstOf(Set<NodeId> nodes) {
        RoutingState state = current.get();
        SortedMap<NodeId, Optional<SessionId>> taken = new TreeMap<>();
        int size = HEAD;
        for (Iterator<NodeId> rest = nodes.iterator(); rest.hasNext(); ) {
            NodeId node = rest.next();
            Optional<SessionId> session = session(state, state.node(node).orElse(null));
            size += ReportMessage.size(node, session.orElse(null));
            if (size > LONGEST) {
                break;
            }
            taken.put(node, session);
            rest.remove();
        }
        return taken;
    }

    private ReportMessage range(NodeId from) {
        RoutingState state = current.get();
        SortedMap<NodeId, Optional<SessionId>> sessions = new TreeMap<>();
        int size = HEAD;
        allFrom = null;
        for (NodeState node : state.nodes().tailMap(from).values()) {
            Optional<SessionId> session = session(state, node);
            if (session.isEmpty()) {
                continue;
            }
            size += ReportMessage.size(node.id(), session.orElse(null));
            if (size > LONGEST) {
                allFrom = node.id();
                break;
            }
            sessions.put(node.id(), session);
        }
        NodeId to = allFrom == null ? ReportMessage.LAST : new NodeId(allFrom.value() - 1);
        return new ReportMessage(ReportMessage.Kind.RANGE, self, from, to, sessions);
    }

    @Override
    public synchronized void notSent() {
        toAskAll = true;
        allFrom = ReportMessage.FIRST;
    }

    /** Asks, and reports: a message that a session ended elsewhere may be lost, which this process would answer. */
    @Override
    public synchronized void listening() {
        notSent();
        wakeIfDue();
    }

    // ---- what other processes report

    @Override
    public void received(String message) {
        Objects.requireNonNull(message, "message");
        ReportMessage report = ReportMessage.parse(message).orElse(null);
        if (report == null || report.holder().equals(self)) {
            return;
        }
        synchronized (this) {
            if (report.kind() == ReportMessage.Kind.ASK) {
                asked(report);
            } else {
                submitted.add(reported(report));
            }
            wakeIfDue();
        }
        submitted.submit();
    }

    private void asked(ReportMessage question) {
        if (question.sessions().isEmpty()) {
            allFrom = ReportMessage.FIRST;
        }
        question.sessions().keySet().forEach(this::reportIfHere);
    }

    private List<Command.ReportSession> reported(ReportMessage message) {
        RoutingState state = current.get();
        List<Command.ReportSession> news = new ArrayList<>();
        message.sessions().forEach((node, session) -> take(report(message, node, session.orElse(null)), state, news));
        if (message.kind() == ReportMessage.Kind.RANGE) {
            early.values().removeIf(waiting -> message.hasNone(waiting.node(), waiting.holder()));
            for (NodeState node : state.nodes().tailMap(message.from()).values()) {
                if (node.id().compareTo(message.to()) > 0) {
                    break;
                }
                if (!message.sessions().containsKey(node.id()) && !isHere(node, state)) {
                    take(report(message, node.id(), null), state, news);
                }
            }
        }
        return news;
    }

    private static Command.ReportSession report(ReportMessage from, NodeId node, @Nullable SessionId session) {
        return new Command.ReportSession(node, from.holder(), session);
    }

    private void take(Command.ReportSession report, RoutingState state, List<Command.ReportSession> news) {
        NodeState node = state.node(report.node()).orElse(null);
        if (node == null) {
            // the end of an earlier session at another process does not end this one
            early.merge(report.node(), report, (last, next) -> isEndElsewhere(last, next) ? last : next);
            if (early.size() > MOST_EARLY) {
                early.remove(early.keySet().iterator().next());
            }
            return;
        }
        // the state has the node before its publication, which would take the earlier report after this one
        Command.ReportSession earlier = early.remove(node.id());
        if (node.isTracked()) {
            return;
        }
        if (report.session().isEmpty() && isHere(node, state)) {
            toReport.add(node.id()); // the other process may have kept its own session against this one
            return;
        }
        if (earlier != null) {
            news.add(earlier);
        }
        if (earlier != null || isNews(report, node)) {
            news.add(report);
        }
    }

    private static boolean isHere(NodeState node, RoutingState state) {
        return session(state, node).isPresent();
    }

    private static boolean isEndElsewhere(Command.ReportSession last, Command.ReportSession next) {
        return next.session().isEmpty() && !next.holder().equals(last.holder());
    }

    private boolean isNews(Command.ReportSession report, NodeState node) {
        if (submitted.isUndecided(node.id())) {
            return true;
        }
        boolean isLast =
                node.liveness() == Liveness.ONLINE && node.sessionHolder().equals(Optional.of(report.holder()));
        return report.session().isPresent() ? !isLast || !node.session().equals(report.session()) : isLast;
    }

    private synchronized void askWithNextMessage() {
        toAskAll = true;
    }
}
