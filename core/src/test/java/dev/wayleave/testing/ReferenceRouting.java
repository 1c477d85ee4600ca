package dev.wayleave.testing;

import dev.wayleave.RoutingState;
import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The slow twin of the state machine: mutable, without any index, and everything is worked out anew from all facts
 * after every command. It computes the state; events and rows are left to {@link Invariants}.
 */
public final class ReferenceRouting {

    private final TreeMap<NodeId, Facts> nodes = new TreeMap<>();
    private final TreeMap<Prefix, NodeId> primaries = new TreeMap<>();

    /** Since when a node has been a candidate of a prefix as it is one now. */
    private final TreeMap<RouteKey, Candidacy> candidacies = new TreeMap<>();

    private final Set<NodeId> removed = new TreeSet<>();
    private RoutingSettings settings;
    private RoutingPolicy policy = RoutingPolicy.builder().build();
    private Users users = Users.none();
    private Instant now;

    /** By how much the clock is stepped after the submission at hand. */
    private Duration stepsToCome = Duration.ZERO;

    public ReferenceRouting(RoutingSettings settings, Instant now) {
        this.settings = settings;
        this.now = now;
    }

    private record Candidacy(CandidateClass candidateClass, boolean inGrace, Instant since) {}

    private static final class Facts implements Cloneable {
        Node node;
        Set<Prefix> advertised = new TreeSet<>();
        Map<Prefix, Instant> advertisedAt = new TreeMap<>();
        Approvals approvals = Approvals.none();
        boolean draining;
        Optional<Instant> drainUntil = Optional.empty();
        Optional<SessionId> session = Optional.empty();
        boolean listening;
        Instant heard = Instant.EPOCH;
        Liveness liveness = Liveness.OFFLINE;
        Instant graceUntil = Instant.EPOCH;
        Instant absentSince;

        /** Whether the grace is one after a restart, of which nothing is stored. */
        boolean restarted;

        Health health = Health.HEALTHY;
        Set<Prefix> unhealthy = new TreeSet<>();

        Facts(Node node, Instant now) {
            this.node = node;
            this.absentSince = now;
        }

        boolean isRouter() {
            return effective().stream().anyMatch(prefix -> !prefix.isExitRoute());
        }

        Set<Prefix> effective() {
            Set<Prefix> effective = new TreeSet<>(advertised);
            effective.retainAll(approvals.approved().keySet());
            return effective;
        }

        Facts copy() {
            try {
                Facts copy = (Facts) clone();
                copy.advertised = new TreeSet<>(advertised);
                copy.advertisedAt = new TreeMap<>(advertisedAt);
                copy.unhealthy = new TreeSet<>(unhealthy);
                return copy;
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Takes a step; returns for each submission whether it was accepted. */
    public List<Boolean> step(List<Submission> submissions, Instant at) {
        stepClock(submissions);
        now = at.isBefore(now) ? now : at;
        removed.clear();
        List<Boolean> accepted = new ArrayList<>();
        for (int i = 0; i < submissions.size(); i++) {
            stepsToCome = sumOfSteps(submissions.subList(i, submissions.size()));
            accepted.add(submit(submissions.get(i)));
        }
        passTime();
        elect();
        return accepted;
    }

    /**
     * The process died, and another process begins: only rows are left. What had begun of a router or an ephemeral node
     * goes on, on a clock that may have been set back; every other router that was there has the restart grace; of the
     * other nodes nothing is known until it ends.
     */
    public void restart(Instant at) {
        now = at;
        boolean hasGrace = !settings.restartGrace().isZero();
        for (Facts facts : nodes.values()) {
            boolean wasThere = facts.isRouter() && isPresent(facts);
            boolean isStored = facts.isRouter() || facts.node.isEphemeral();
            boolean goesOn = isStored
                    && (facts.liveness == Liveness.OFFLINE || (facts.liveness == Liveness.GRACE && !facts.restarted));
            facts.session = Optional.empty();
            facts.listening = false;
            facts.health = Health.HEALTHY;
            facts.unhealthy.clear();
            if (goesOn) {
                Instant since = facts.absentSince;
                facts.absentSince = since.isAfter(now) ? now : since;
                facts.graceUntil = facts.graceUntil.plus(Duration.between(since, facts.absentSince));
                continue;
            }
            facts.absentSince = now;
            facts.graceUntil = now.plus(settings.restartGrace());
            facts.liveness = !hasGrace ? Liveness.OFFLINE : wasThere ? Liveness.GRACE : Liveness.UNKNOWN;
            facts.restarted = true;
        }
        candidacies.clear();
        look();
    }

    private static boolean isPresent(Facts facts) {
        return facts.liveness == Liveness.ONLINE || facts.liveness == Liveness.GRACE;
    }

    /** A step of the clock counts if it is alone in its submission and is no longer than a thousand years. */
    private static Duration sumOfSteps(List<Submission> submissions) {
        Duration sum = Duration.ZERO;
        for (Submission submission : submissions) {
            for (Command command : submission.commands()) {
                if (command instanceof Command.StepClock step && isFit(submission, step)) {
                    sum = sum.plusMillis(step.by().toMillis());
                }
            }
        }
        return sum;
    }

    private static boolean isFit(Submission submission, Command.StepClock step) {
        return submission.commands().size() == 1 && step.by().abs().compareTo(Duration.ofDays(365_250)) <= 0;
    }

    /** Every running timer moves along. */
    private void stepClock(List<Submission> submissions) {
        Duration by = sumOfSteps(submissions);
        now = now.plus(by);
        for (Facts facts : nodes.values()) {
            facts.heard = facts.heard.plus(by);
            facts.graceUntil = facts.graceUntil.plus(by);
            facts.absentSince = facts.absentSince.plus(by);
        }
        candidacies.replaceAll((key, candidacy) -> new Candidacy(
                candidacy.candidateClass(),
                candidacy.inGrace(),
                candidacy.since().plus(by)));
    }

    private boolean submit(Submission submission) {
        ReferenceRouting before = copy();
        boolean fine = submission.commands().size() <= settings.limits().commandsPerSubmission();
        boolean usersReplaced = false;
        if (fine) {
            for (Command command : submission.commands()) {
                fine &= apply(submission, command);
                usersReplaced |= command instanceof Command.SetUsers;
                look();
            }
        }
        if (usersReplaced) {
            for (Facts facts : nodes.values()) {
                fine &= !(facts.node.owner() instanceof Owner.OfUser owner)
                        || users.find(owner.id()).isPresent();
            }
        }
        if (!fine) {
            restore(before);
        }
        return fine;
    }

    private boolean apply(Submission submission, Command command) {
        if (command instanceof Command.SetUsers replaced) {
            boolean others = !users.equals(replaced.users());
            users = replaced.users();
            if (others) {
                reviewAll();
            }
            return users.all().size() <= settings.limits().users();
        } else if (command instanceof Command.SetPolicy replaced) {
            boolean rewritten = policy.equals(replaced.policy())
                    && !policy.text().equals(replaced.policy().text());
            policy = replaced.policy();
            if (!rewritten) {
                reviewAll();
            }
            return true;
        } else if (command instanceof Command.SetSettings changed) {
            boolean switchedOn = !settings.approval().retroactive();
            Optional<Duration> shorter = changed.settings()
                    .silenceLimit()
                    .filter(limit -> settings.silenceLimit()
                            .map(last -> limit.compareTo(last) < 0)
                            .orElse(true));
            settings = changed.settings();
            if (shorter.isPresent()) {
                nodes.values().stream().filter(facts -> facts.listening).forEach(facts -> facts.heard = now);
            }
            if (switchedOn) {
                reviewAll();
            }
            return true;
        } else if (command instanceof Command.StepClock step) {
            return isFit(submission, step);
        } else if (command instanceof Command.RegisterNode registered) {
            return register(registered.facts());
        } else if (command instanceof Command.OfSession ofSession) {
            session(ofSession);
            return true;
        } else if (command instanceof Command.OfNode ofNode) {
            Facts facts = nodes.get(ofNode.node());
            return facts != null && apply(submission, ofNode, facts);
        }
        return true;
    }

    private boolean apply(Submission submission, Command.OfNode command, Facts facts) {
        if (command instanceof Command.UpdateNode changed) {
            boolean fit = isFit(changed.facts());
            boolean otherOwner = !facts.node.owner().equals(changed.facts().owner());
            facts.node = changed.facts();
            if (otherOwner && settings.approval().retroactive()) {
                review(facts, facts.advertised);
            }
            return fit;
        } else if (command instanceof Command.RemoveNode) {
            remove(facts);
        } else if (command instanceof Command.AdvertiseRoutes advertised) {
            return advertise(facts, advertised.prefixes());
        } else if (command instanceof Command.SetApprovedRoutes approved) {
            facts.approvals = facts.approvals
                    .setApproved(approved.prefixes(), submission.actor(), now, settings.approval())
                    .next();
            return isWithinLimits(facts, approved.prefixes());
        } else if (command instanceof Command.ApproveRoutes approved) {
            facts.approvals = facts.approvals
                    .approve(approved.prefixes(), submission.actor(), now)
                    .next();
            return isWithinLimits(facts, approved.prefixes());
        } else if (command instanceof Command.RevokeRoutes revoked) {
            facts.approvals = facts.approvals
                    .revoke(revoked.prefixes(), submission.actor(), now, settings.approval())
                    .next();
            return isWithinLimits(facts, revoked.prefixes());
        } else if (command instanceof Command.ImportApprovals imported) {
            facts.approvals = facts.approvals
                    .importApprovals(imported.prefixes(), imported.source(), now)
                    .next();
            return isWithinLimits(facts, imported.prefixes());
        } else if (command instanceof Command.ReportHealth report) {
            health(facts, report);
        } else if (command instanceof Command.DrainNode drain) {
            return drain(facts, drain);
        } else if (command instanceof Command.UndrainNode) {
            facts.draining = false;
        }
        return true;
    }

    private boolean register(Node node) {
        boolean fit = isFit(node);
        Facts known = nodes.get(node.id());
        if (known != null) {
            known.node = node;
            if (settings.approval().retroactive()) {
                review(known, known.advertised);
            }
        } else {
            nodes.put(node.id(), new Facts(node, now));
        }
        return fit && nodes.size() <= settings.limits().nodes();
    }

    private boolean isFit(Node node) {
        boolean ownerKnown = !(node.owner() instanceof Owner.OfUser owner)
                || users.find(owner.id()).isPresent();
        return ownerKnown
                && nodes.values().stream()
                        .noneMatch(other -> !other.node.id().equals(node.id())
                                && other.node.hostKey().equals(node.hostKey()));
    }

    private void remove(Facts facts) {
        nodes.remove(facts.node.id());
        removed.add(facts.node.id());
        settings = settings.toBuilder().noPriority(facts.node.id()).build();
    }

    private boolean advertise(Facts facts, Set<Prefix> prefixes) {
        if (prefixes.equals(facts.advertised)) {
            return isWithinLimits(facts, prefixes);
        }
        facts.approvals = facts.approvals
                .withdraw(facts.advertised, prefixes, settings.approval())
                .next();
        Set<Prefix> reviewed = new TreeSet<>(prefixes);
        if (!settings.approval().retroactive()) {
            reviewed.removeAll(facts.advertised);
        }
        facts.advertised = new TreeSet<>(prefixes);
        facts.advertisedAt.keySet().retainAll(prefixes);
        prefixes.forEach(prefix -> facts.advertisedAt.putIfAbsent(prefix, now));
        facts.unhealthy.retainAll(prefixes);
        review(facts, reviewed);
        return isWithinLimits(facts, prefixes);
    }

    private boolean isWithinLimits(Facts facts, Set<Prefix> list) {
        Set<Prefix> remembered = new TreeSet<>(facts.advertised);
        remembered.addAll(facts.approvals.approved().keySet());
        remembered.addAll(facts.approvals.denied().keySet());
        remembered.addAll(facts.approvals.withdrawn().keySet());
        return list.size() <= settings.limits().routesPerNode()
                && remembered.size() <= settings.limits().routesRememberedPerNode();
    }

    private void reviewAll() {
        if (settings.approval().retroactive()) {
            nodes.values().forEach(facts -> review(facts, facts.advertised));
        }
    }

    private void review(Facts facts, Set<Prefix> prefixes) {
        facts.approvals = facts.approvals
                .autoApprove(facts.node.owner(), new TreeSet<>(prefixes), AutoApproval.compile(policy, users), now)
                .next();
    }

    private void health(Facts facts, Command.ReportHealth report) {
        if (report.session().isPresent() && !report.session().equals(facts.session)) {
            return;
        }
        if (report.prefix().isEmpty()) {
            facts.health = report.health();
            facts.unhealthy.clear();
        } else if (report.health() == Health.HEALTHY) {
            facts.unhealthy.remove(report.prefix().get());
        } else if (facts.advertised.contains(report.prefix().get())) {
            facts.unhealthy.add(report.prefix().get());
        }
    }

    private void session(Command.OfSession command) {
        Facts facts = nodes.get(command.node());
        Optional<SessionId> session = Optional.of(command.session());
        if (facts == null) {
            return;
        }
        if (command instanceof Command.ConnectSession) {
            if (!facts.listening || !facts.session.equals(session)) {
                facts.health = Health.HEALTHY;
                facts.unhealthy.clear();
            }
            online(facts, command.session(), now);
        } else if (facts.session.equals(session) && command instanceof Command.KeepAlive keepAlive) {
            Instant at = keepAlive
                    .at()
                    .map(heard -> heard.plus(stepsToCome))
                    .filter(heard -> heard.isBefore(now))
                    .orElse(now);
            if (facts.listening ? at.isAfter(facts.heard) : !isSilent(at)) {
                online(facts, command.session(), at);
            }
        } else if (facts.session.equals(session)) {
            if (facts.listening) {
                down(
                        facts,
                        isSilent(facts.heard)
                                ? facts.heard.plus(settings.silenceLimit().get())
                                : now);
            }
            facts.session = Optional.empty();
        }
    }

    private boolean isSilent(Instant heard) {
        return settings.silenceLimit().isPresent()
                && !heard.plus(settings.silenceLimit().get()).isAfter(now);
    }

    private void online(Facts facts, SessionId session, Instant at) {
        facts.session = Optional.of(session);
        facts.listening = true;
        facts.heard = at;
        facts.liveness = Liveness.ONLINE;
    }

    private void down(Facts facts, Instant at) {
        facts.listening = false;
        facts.liveness = Liveness.GRACE;
        facts.absentSince = at;
        facts.graceUntil = at.plus(settings.grace());
        facts.restarted = false;
    }

    private boolean drain(Facts facts, Command.DrainNode drain) {
        if (drain.until().isPresent() && !drain.until().get().isAfter(now)) {
            return false;
        }
        if (facts.draining && facts.drainUntil.equals(drain.until())) {
            return true;
        }
        if (!drain.forced()
                && facts.effective().stream().anyMatch(prefix -> !prefix.isExitRoute() && wouldStay(facts, prefix))) {
            return false;
        }
        facts.draining = true;
        facts.drainUntil = drain.until();
        return true;
    }

    /** Two worlds, without the drain and with it, in which whose session is down is gone, the node itself apart. */
    private boolean wouldStay(Facts facts, Prefix prefix) {
        Optional<NodeId> without = primaryOfThoseThere(facts, prefix);
        boolean previous = facts.draining;
        facts.draining = true;
        Optional<NodeId> with = primaryOfThoseThere(facts, prefix);
        boolean drained =
                with.filter(node -> isNoBetterThanDraining(node, prefix)).isPresent();
        facts.draining = previous;
        boolean drainedBefore =
                without.filter(node -> isNoBetterThanDraining(node, prefix)).isPresent();
        return with.equals(Optional.of(facts.node.id())) || (drained && !drainedBefore);
    }

    private boolean isNoBetterThanDraining(NodeId node, Prefix prefix) {
        return !candidateClass(nodes.get(node), prefix).isBetterThan(CandidateClass.DRAINING);
    }

    private Optional<NodeId> primaryOfThoseThere(Facts drained, Prefix prefix) {
        List<Candidate> there = candidates(prefix).stream()
                .filter(candidate -> {
                    Facts facts = nodes.get(candidate.node());
                    return facts.listening ? !isSilent(facts.heard) : facts == drained && facts.graceUntil.isAfter(now);
                })
                .toList();
        return there.isEmpty()
                ? Optional.empty()
                : PrimaryElection.primary(prefix, there, incumbent(prefix).orElse(null), settings.election(), now);
    }

    private void passTime() {
        for (Facts facts : nodes.values()) {
            if (facts.listening && isSilent(facts.heard)) {
                down(facts, facts.heard.plus(settings.silenceLimit().get()));
            }
        }
        look();
        TreeMap<NodeId, Instant> drained = new TreeMap<>();
        for (Facts facts : List.copyOf(nodes.values())) {
            if ((facts.liveness == Liveness.GRACE || facts.liveness == Liveness.UNKNOWN)
                    && !facts.graceUntil.isAfter(now)) {
                facts.liveness = Liveness.OFFLINE;
            }
            if (facts.node.isEphemeral()
                    && facts.liveness != Liveness.ONLINE
                    && !facts.absentSince.plus(settings.ephemeralIdle()).isAfter(now)) {
                remove(facts);
            }
            if (facts.draining
                    && facts.drainUntil.map(until -> !until.isAfter(now)).orElse(false)) {
                facts.draining = false;
                drained.put(facts.node.id(), facts.drainUntil.get());
            }
        }
        look(drained);
    }

    private void look() {
        look(Map.of());
    }

    /**
     * Notes the candidacy of each node for each prefix: since now, or since its drain was to end, unless something came
     * later.
     */
    private void look(Map<NodeId, Instant> drained) {
        TreeMap<RouteKey, Candidacy> current = new TreeMap<>();
        for (Facts facts : nodes.values()) {
            for (Prefix prefix : facts.effective()) {
                if (!prefix.isExitRoute() && isPresent(facts)) {
                    RouteKey key = new RouteKey(facts.node.id(), prefix);
                    CandidateClass candidateClass = candidateClass(facts, prefix);
                    boolean inGrace = facts.liveness == Liveness.GRACE;
                    Candidacy previous = candidacies.get(key);
                    boolean same = previous != null
                            && previous.candidateClass() == candidateClass
                            && previous.inGrace() == inGrace;
                    Instant since = drained.getOrDefault(facts.node.id(), now);
                    if (previous != null
                            && !previous.inGrace()
                            && previous.since().isAfter(since)) {
                        since = previous.since();
                    }
                    current.put(key, same ? previous : new Candidacy(candidateClass, inGrace, since));
                }
            }
        }
        candidacies.clear();
        candidacies.putAll(current);
    }

    private CandidateClass candidateClass(Facts facts, Prefix prefix) {
        boolean unhealthy = facts.health == Health.UNHEALTHY || facts.unhealthy.contains(prefix);
        return CandidateClass.of(
                facts.node.keyExpiry().map(at -> !at.isAfter(now)).orElse(false),
                unhealthy ? Health.UNHEALTHY : Health.HEALTHY,
                facts.draining);
    }

    private List<Candidate> candidates(Prefix prefix) {
        List<Candidate> candidates = new ArrayList<>();
        for (Facts facts : nodes.values()) {
            if (facts.effective().contains(prefix) && isPresent(facts)) {
                Candidacy candidacy = candidacies.get(new RouteKey(facts.node.id(), prefix));
                candidates.add(Candidate.builder(facts.node.id(), facts.node.registeredAt())
                        .candidateClass(candidateClass(facts, prefix))
                        .inGrace(facts.liveness == Liveness.GRACE)
                        .priority(settings.priority(facts.node.id(), prefix))
                        .steadySince(candidacy == null || candidacy.inGrace() ? Instant.EPOCH : candidacy.since())
                        .build());
            }
        }
        return candidates;
    }

    private Optional<NodeId> incumbent(Prefix prefix) {
        return Optional.ofNullable(primaries.get(prefix))
                .filter(node -> !removed.contains(node)
                        && nodes.containsKey(node)
                        && nodes.get(node).effective().contains(prefix));
    }

    private void elect() {
        TreeMap<Prefix, NodeId> elected = new TreeMap<>();
        for (Facts facts : nodes.values()) {
            for (Prefix prefix : facts.effective()) {
                if (!prefix.isExitRoute()) {
                    PrimaryElection.primary(
                                    prefix,
                                    candidates(prefix),
                                    incumbent(prefix).orElse(null),
                                    settings.election(),
                                    now)
                            .ifPresent(winner -> elected.put(prefix, winner));
                }
            }
        }
        primaries.clear();
        primaries.putAll(elected);
    }

    private ReferenceRouting copy() {
        ReferenceRouting copy = new ReferenceRouting(settings, now);
        copy.restore(this);
        return copy;
    }

    private void restore(ReferenceRouting other) {
        Map<NodeId, Facts> copies = new TreeMap<>();
        other.nodes.forEach((id, facts) -> copies.put(id, facts.copy()));
        nodes.clear();
        nodes.putAll(copies);
        primaries.clear();
        primaries.putAll(other.primaries);
        candidacies.clear();
        candidacies.putAll(other.candidacies);
        removed.clear();
        removed.addAll(other.removed);
        settings = other.settings;
        policy = other.policy;
        users = other.users;
    }

    /** Compares everything that both know. */
    public void requireEqual(RoutingState state) {
        require(state.nodes().keySet(), nodes.keySet(), "nodes");
        require(state.settings(), settings, "settings");
        require(state.users(), users, "users");
        require(state.now(), now, "time");
        TreeMap<Prefix, NodeId> theirs = new TreeMap<>();
        state.routes().forEach((prefix, route) -> route.primary().ifPresent(node -> theirs.put(prefix, node)));
        nodes.forEach((id, facts) -> {
            var node = state.node(id).orElseThrow();
            require(node.facts(), facts.node, "facts of " + id);
            require(node.advertised(), facts.advertised, "advertised by " + id);
            facts.advertisedAt.forEach((prefix, since) -> require(
                    node.advertisedAt(prefix), Optional.of(since), "since when " + id + " advertises " + prefix));
            require(node.approvals(), facts.approvals, "approvals of " + id);
            require(node.liveness(), facts.liveness, "liveness of " + id);
            require(node.session(), facts.session, "session of " + id);
            require(node.drain().isPresent(), facts.draining, "drain of " + id);
            require(node.health(), facts.health, "health of " + id);
            require(node.unhealthyPrefixes(), facts.unhealthy, "unhealthy prefixes of " + id);
            require(
                    state.lastHeard(id),
                    facts.listening ? Optional.of(facts.heard) : Optional.empty(),
                    "last heard of " + id);
            require(
                    node.graceUntil(),
                    facts.liveness == Liveness.GRACE || facts.liveness == Liveness.UNKNOWN
                            ? Optional.of(facts.graceUntil)
                            : Optional.empty(),
                    "grace of " + id);
            require(
                    node.absentSince(),
                    facts.liveness == Liveness.ONLINE ? Optional.empty() : Optional.of(facts.absentSince),
                    "absence of " + id);
        });
        state.routes()
                .forEach((prefix, route) -> require(route.candidates(), candidates(prefix), "candidates of " + prefix));
        require(theirs, primaries, "primaries");
    }

    private static void require(Object current, Object expected, String what) {
        if (!current.equals(expected)) {
            throw new AssertionError("expected that the " + what + " are " + expected + ", not " + current);
        }
    }
}
