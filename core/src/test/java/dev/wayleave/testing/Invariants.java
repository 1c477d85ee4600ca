package dev.wayleave.testing;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.election.PrimaryElection;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.StateRows;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What holds of every state, and of every step from one to the next, whatever happened. Checked by full scans. */
public final class Invariants {

    /** Later instants count as this one. */
    private static final Instant END_OF_TIME = Instant.parse("+146140482-04-24T15:36:27.001Z");

    private final RoutingState state;

    private Invariants(RoutingState state) {
        this.state = state;
    }

    /** Checks a state alone. */
    public static void check(RoutingState state) {
        Invariants invariants = new Invariants(state);
        invariants.checkNodes();
        invariants.checkRoutes();
        invariants.checkNextDeadline();
    }

    /** Checks a step, and the state that it leads to. */
    public static void check(RoutingState before, List<Submission> submissions, Step step) {
        RoutingState after = step.next();
        check(after);
        require(step.results().size() == submissions.size(), "there is one result for each submission");
        require(
                after.nextDeadline().map(at -> at.isAfter(after.now())).orElse(true),
                "nothing is left to do at ",
                after.now(),
                ", but something is due at ",
                after.nextDeadline());
        checkClock(before, submissions, step);
        checkEvents(before, step);
        checkFacts(before, step);
        checkApprovals(before, submissions, step);
        checkChange(before, step);
        checkTouched(before, step);
        checkRemoved(before, step);
        checkRestore(after);
        checkDeterminism(before, submissions, step);
    }

    private void checkNodes() {
        Map<String, NodeId> hostKeys = new HashMap<>();
        Map<NodeId, NodeRow> rows = new HashMap<>();
        state.rows().nodes().forEach(row -> rows.put(row.facts().id(), row));
        for (NodeState node : state.nodes().values()) {
            TreeSet<Prefix> effective = new TreeSet<>(node.advertised());
            effective.retainAll(node.approvals().approved().keySet());
            require(node.effective().equals(effective), node, " has what is advertised and approved");
            require(hostKeys.put(node.facts().hostKey(), node.id()) == null, "one node has a host key");
            require(
                    state.nodeWithHostKey(node.facts().hostKey()).equals(Optional.of(node.id())),
                    node,
                    " is found by its host key");
            require(
                    (node.liveness() == Liveness.ONLINE)
                            == state.lastHeard(node.id()).isPresent(),
                    node,
                    " is heard");
            require(node.liveness() != Liveness.ONLINE || node.session().isPresent(), node, " has a session");
            require(
                    node.isKeyExpired()
                            == node.facts()
                                    .keyExpiry()
                                    .map(at -> !at.isAfter(state.now()))
                                    .orElse(false),
                    node,
                    " has a key that is valid or not");
            checkAbsence(node, rows.get(node.id()));
            Set<Prefix> both = new TreeSet<>(node.approvals().denied().keySet());
            both.retainAll(node.approvals().approved().keySet());
            require(both.isEmpty(), node, " has nothing both approved and denied");
            require(
                    node.advertised().containsAll(node.unhealthyPrefixes()),
                    node,
                    " has a report of a route that it does not advertise");
        }
    }

    /** What is stored of an absence is what the state has, but for the clock. */
    private static void checkAbsence(NodeState node, NodeRow row) {
        boolean isStored = node.isRouter() || node.facts().isEphemeral();
        require(isStored || row.absence().isEmpty(), node, " is not a router, and comes and goes without a row");
        require(
                row.absence().isEmpty()
                        || node.liveness()
                                == (row.absence().get().graceUntil().isPresent() ? Liveness.GRACE : Liveness.OFFLINE),
                node,
                " is without a session, as in its row");
        require(
                !isStored
                        || node.liveness() != Liveness.OFFLINE
                        || row.absence().isPresent() == node.absentSince().isPresent(),
                node,
                " has a row with the time since when it is offline");
    }

    private void checkRoutes() {
        TreeMap<Prefix, List<NodeId>> holders = new TreeMap<>();
        for (NodeState node : state.nodes().values()) {
            for (Prefix prefix : node.effective()) {
                if (!prefix.isExitRoute()) {
                    holders.computeIfAbsent(prefix, p -> new ArrayList<>()).add(node.id());
                }
            }
        }
        require(holders.keySet().equals(state.routes().keySet()), "exactly the effective subnet routes are elected");
        state.routes().forEach((prefix, route) -> {
            require(route.holders().equals(holders.get(prefix)), prefix, " is held by ", holders.get(prefix));
            checkCandidates(route);
            checkPrimary(route);
        });
    }

    private void checkCandidates(RouteState route) {
        List<NodeId> present = route.holders().stream()
                .filter(id -> node(id).liveness().online().orElse(false))
                .toList();
        require(
                route.candidates().stream().map(Candidate::node).toList().equals(present),
                route,
                " has the candidates that are there: ",
                present);
        for (Candidate candidate : route.candidates()) {
            NodeState node = node(candidate.node());
            require(candidate.isInGrace() == (node.liveness() == Liveness.GRACE), candidate, " is in grace or not");
            require(
                    candidate.candidateClass()
                            == CandidateClass.of(
                                    node.isKeyExpired(),
                                    node.health(route.prefix()),
                                    node.drain().isPresent()),
                    candidate,
                    " is of its class");
            require(
                    candidate.priority() == state.settings().priority(node.id(), route.prefix()),
                    candidate,
                    " has its priority");
            require(candidate.registeredAt().equals(node.facts().registeredAt()), candidate, " has its date");
        }
    }

    private void checkPrimary(RouteState route) {
        if (!state.nextDeadline().map(at -> at.isAfter(state.now())).orElse(true)) {
            return; // a restored state whose rows were not right
        }
        Optional<Candidate> primary = route.candidates().stream()
                .filter(candidate -> Optional.of(candidate.node()).equals(route.primary()))
                .findFirst();
        if (route.candidates().isEmpty()) {
            require(
                    route.primary().isEmpty()
                            || (route.isKept() && state.settings().election().offline() == OfflineRule.KEEP_LAST),
                    route,
                    " has no candidate, and no primary but a kept one");
            require(route.primary().map(route.holders()::contains).orElse(true), route, " is effective on its primary");
            return;
        }
        require(primary.isPresent() && !route.isKept(), route, " is served by one of its candidates");
        for (Candidate other : route.candidates()) {
            require(
                    other.isInGrace()
                            || !other.candidateClass()
                                    .isBetterThan(primary.get().candidateClass()),
                    route,
                    " is in the best class: ",
                    route.candidates());
        }
        Optional<Instant> failsBackAt = PrimaryElection.nextFailBack(
                route.prefix(),
                route.candidates(),
                route.primary().orElse(null),
                state.settings().election(),
                state.now());
        require(route.failsBackAt().equals(failsBackAt), route, " fails back at ", failsBackAt);
    }

    /** The earliest of all that can be seen from outside. */
    private void checkNextDeadline() {
        List<Optional<Instant>> all = new ArrayList<>();
        for (NodeState node : state.nodes().values()) {
            all.add(node.graceUntil());
            all.add(node.drain().flatMap(drain -> drain.until()));
            if (!node.isKeyExpired()) {
                all.add(node.facts().keyExpiry());
            }
            if (node.facts().isEphemeral()) {
                all.add(node.absentSince().map(at -> at.plus(state.settings().ephemeralIdle())));
            }
            all.add(state.settings()
                    .silenceLimit()
                    .flatMap(limit -> state.lastHeard(node.id()).map(at -> at.plus(limit))));
        }
        state.routes().values().forEach(route -> all.add(route.failsBackAt()));
        Optional<Instant> next = all.stream().flatMap(Optional::stream).min(Comparator.naturalOrder());
        Optional<Instant> said = state.nextDeadline();
        if (said.isPresent() && said.get().equals(state.now())) {
            return; // unsettled after a restore
        }
        require(said.equals(next.map(Invariants::ceilingMillis)), "the next deadline is ", next, ", not ", said);
    }

    /** A state counts in milliseconds up to the end of its time, and does nothing early. */
    private static Instant ceilingMillis(Instant instant) {
        if (instant.isAfter(END_OF_TIME)) {
            return END_OF_TIME;
        }
        Instant floor = instant.truncatedTo(ChronoUnit.MILLIS);
        return floor.isBefore(instant) ? floor.plusMillis(1) : floor;
    }

    private NodeState node(NodeId id) {
        return state.node(id).orElseThrow(() -> new AssertionError("expected that node " + id + " is there"));
    }

    /** The time of a state goes back by steps of the clock alone, and each of them is an event. */
    private static void checkClock(RoutingState before, List<Submission> submissions, Step step) {
        List<Duration> steps = new ArrayList<>();
        for (int i = 0; i < submissions.size(); i++) {
            for (Command command : submissions.get(i).commands()) {
                if (command instanceof Command.StepClock clock
                        && !isRefused(step.results().get(i))
                        && clock.by().toMillis() != 0) {
                    steps.add(Duration.ofMillis(clock.by().toMillis()));
                }
            }
        }
        List<Duration> reported = new ArrayList<>();
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.ClockStepped clock) {
                reported.add(clock.by());
            }
        }
        require(reported.equals(steps), "the clock was stepped by ", steps, ", as the events say, not by ", reported);
        Instant earliest = before.now().plus(steps.stream().reduce(Duration.ZERO, Duration::plus));
        require(!step.next().now().isBefore(earliest), "the time does not go back from ", earliest);
    }

    /** No prefix moves without a reason in the events, and no event reports a move that did not happen. */
    private static void checkEvents(RoutingState before, Step step) {
        TreeMap<Prefix, RouteEvent.OfElection> elections = new TreeMap<>();
        Map<NodeId, Liveness> reported = new HashMap<>();
        before.nodes().forEach((id, node) -> reported.put(id, node.liveness()));
        Set<NodeId> removed = new HashSet<>();
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.NodeRemoved gone) {
                removed.add(gone.node());
                reported.remove(gone.node());
            } else if (event instanceof RouteEvent.NodeOnline online) {
                reported.put(online.node(), Liveness.ONLINE);
            } else if (event instanceof RouteEvent.NodeInGrace grace) {
                reported.put(grace.node(), Liveness.GRACE);
            } else if (event instanceof RouteEvent.NodeOffline offline) {
                reported.put(offline.node(), Liveness.OFFLINE);
            }
            require(event.reason() != null && event.origin() != null, event, " has a reason and an origin");
            if (event instanceof RouteEvent.OfElection election) {
                require(elections.put(election.prefix(), election) == null, election.prefix(), " was elected once");
            }
        }
        step.next()
                .nodes()
                .forEach((id, node) -> require(
                        reported.getOrDefault(id, Liveness.OFFLINE) == node.liveness(), node, " is as the events say"));
        TreeSet<Prefix> prefixes = new TreeSet<>(before.routes().keySet());
        prefixes.addAll(step.next().routes().keySet());
        for (Prefix prefix : prefixes) {
            boolean wasKept = before.route(prefix).map(RouteState::isKept).orElse(false);
            boolean isKept = step.next().route(prefix).map(RouteState::isKept).orElse(false);
            boolean moved = !before.primary(prefix).equals(step.next().primary(prefix))
                    || wasKept != isKept
                    || before.primary(prefix).map(removed::contains).orElse(false);
            RouteEvent.OfElection event = elections.get(prefix);
            require(!moved || event != null, prefix, " moved with a reason");
            if (event != null) {
                require(
                        event.outcome().primary().equals(step.next().primary(prefix)),
                        prefix,
                        " went to the node of its event");
                require(
                        moved
                                || (event instanceof RouteEvent.PrefixUnserved
                                        && !before.routes().containsKey(prefix)),
                        prefix,
                        " has an event because it moved");
            }
        }
    }

    /**
     * The names, owners, keys and users of a step's end are those of its beginning, except for the changes in
     * its events.
     */
    private static void checkFacts(RoutingState before, Step step) {
        Map<NodeId, String> names = new HashMap<>();
        Map<NodeId, Owner> owners = new HashMap<>();
        Map<NodeId, String> keys = new HashMap<>();
        Set<NodeId> rekeyed = new HashSet<>();
        boolean usersReplaced = false;
        before.nodes().forEach((id, node) -> {
            names.put(id, node.facts().name());
            owners.put(id, node.facts().owner());
            keys.put(id, node.facts().hostKey());
        });
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.NodeRemoved gone) {
                names.remove(gone.node());
                owners.remove(gone.node());
                keys.remove(gone.node());
            } else if (event instanceof RouteEvent.NodeRenamed renamed) {
                String last = names.put(renamed.node(), renamed.to());
                require(last == null || last.equals(renamed.from()), event, " tells the name before");
                require(!renamed.from().equals(renamed.to()), event, " tells a change");
            } else if (event instanceof RouteEvent.NodeOwnerChanged changed) {
                Owner last = owners.put(changed.node(), changed.to());
                require(last == null || last.equals(changed.from()), event, " tells the owner before");
                require(!changed.from().equals(changed.to()), event, " tells a change");
            } else if (event instanceof RouteEvent.NodeKeyChanged key) {
                rekeyed.add(key.node());
            } else if (event instanceof RouteEvent.UsersChanged) {
                usersReplaced = true;
            }
        }
        for (NodeState node : step.next().nodes().values()) {
            String name = names.get(node.id());
            Owner owner = owners.get(node.id());
            String key = keys.get(node.id());
            require(name == null || name.equals(node.facts().name()), node, " is called as the events tell");
            require(owner == null || owner.equals(node.facts().owner()), node, " belongs to whom the events tell");
            require(
                    key == null
                            || rekeyed.contains(node.id())
                            || key.equals(node.facts().hostKey()),
                    node,
                    " has the key that the events tell");
        }
        require(
                usersReplaced || before.users().equals(step.next().users()),
                "an event tells that the users are replaced");
    }

    private static void checkApprovals(RoutingState before, List<Submission> submissions, Step step) {
        Set<Map.Entry<NodeId, Prefix>> approvedByHand = new HashSet<>();
        Set<NodeId> imported = new HashSet<>();
        Set<NodeId> came = new HashSet<>();
        for (int i = 0; i < submissions.size(); i++) {
            if (isRefused(step.results().get(i))) {
                continue;
            }
            for (Command command : submissions.get(i).commands()) {
                boolean approves =
                        command instanceof Command.SetApprovedRoutes || command instanceof Command.ApproveRoutes;
                if (approves && command instanceof Command.OfRoutes approved) {
                    approved.prefixes()
                            .forEach(prefix -> withItsPair(prefix)
                                    .forEach(each -> approvedByHand.add(Map.entry(approved.node(), each))));
                } else if (command instanceof Command.ImportApprovals approvals) {
                    imported.add(approvals.node());
                } else if (command instanceof Command.RemoveNode removed) {
                    came.add(removed.node());
                }
            }
        }
        Set<Map.Entry<NodeId, Prefix>> revoked = new HashSet<>();
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.RouteRevoked revocation) {
                revoked.add(Map.entry(revocation.node(), revocation.prefix()));
            }
        }
        for (NodeState current : step.next().nodes().values()) {
            NodeState previous = before.nodes().get(current.id());
            if (previous == null || came.contains(current.id())) {
                continue;
            }
            for (Prefix prefix : previous.approvals().approved().keySet()) {
                require(
                        current.approvals().approved().containsKey(prefix)
                                || revoked.contains(Map.entry(current.id(), prefix)),
                        prefix,
                        " on ",
                        current,
                        " lost its approval with a reason");
            }
            for (Prefix prefix : previous.approvals().denied().keySet()) {
                require(
                        current.approvals().denied().containsKey(prefix)
                                || approvedByHand.contains(Map.entry(current.id(), prefix)),
                        prefix,
                        " on ",
                        current,
                        " stays denied");
            }
            Optional<Prefix> half = current.approvals().halfExitPair();
            require(
                    half.isEmpty()
                            || imported.contains(current.id())
                            || half.equals(previous.approvals().halfExitPair()),
                    "the exit routes of ",
                    current,
                    " are paired, or untouched");
        }
    }

    /** An approver of the exit route of one family approves that of the other. */
    private static List<Prefix> withItsPair(Prefix prefix) {
        return prefix.isExitRoute() ? List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")) : List.of(prefix);
    }

    /** The change applied to the old rows gives the new rows, and every row in it differs from the row before. */
    private static void checkChange(RoutingState before, Step step) {
        RowChanges change = step.rowChanges();
        StateRows old = before.rows();
        require(change.applyTo(old).equals(step.next().rows()), "the change leads to the rows of the next state");
        if (before.nextDeadline().map(at -> !at.isAfter(before.now())).orElse(false)) {
            return; // what previous stored previous not right, and current written again
        }
        Set<Object> rows = new HashSet<>(old.nodes());
        rows.addAll(old.routes());
        rows.addAll(old.users());
        if (!old.nodes().isEmpty() || !old.users().isEmpty()) {
            rows.add(old.tailnet()); // a new tailnet may not be stored yet
        }
        for (NodeRow row : change.nodes().upserts()) {
            require(!rows.contains(row), row, " changed");
        }
        for (RouteRow row : change.routes().upserts()) {
            require(!rows.contains(row), row, " changed");
        }
        change.users().upserts().forEach(row -> require(!rows.contains(row), row, " changed"));
        change.tailnet().ifPresent(row -> require(!rows.contains(row), "the row of the tailnet changed"));
        Set<Object> keys = new HashSet<>();
        old.nodes().forEach(row -> keys.add(row.facts().id()));
        old.routes().forEach(row -> keys.add(row.key()));
        old.users().forEach(row -> keys.add(row.id()));
        require(keys.containsAll(change.nodes().deletes()), "deleted nodes were there");
        require(keys.containsAll(change.routes().deletes()), "deleted routes were there");
        require(keys.containsAll(change.users().deletes()), "deleted users were there");
    }

    private static void checkTouched(RoutingState before, Step step) {
        RoutingState after = step.next();
        TreeSet<NodeId> nodes = new TreeSet<>(before.nodes().keySet());
        nodes.addAll(after.nodes().keySet());
        nodes.removeIf(id -> before.node(id).isPresent()
                && after.node(id).isPresent()
                && before.nodes().get(id).facts().equals(after.nodes().get(id).facts())
                && before.nodes()
                        .get(id)
                        .effective()
                        .equals(after.nodes().get(id).effective()));
        require(
                step.touched().nodes().equals(nodes),
                nodes,
                " are touched, not ",
                step.touched().nodes());
        TreeSet<Prefix> prefixes = new TreeSet<>(before.routes().keySet());
        prefixes.addAll(after.routes().keySet());
        prefixes.removeIf(prefix -> carriers(before, prefix).equals(carriers(after, prefix)));
        require(
                step.touched().prefixes().equals(prefixes),
                prefixes,
                " are touched, not ",
                step.touched().prefixes());
        require(step.touched().users() == !before.users().equals(after.users()), "users are touched or not");
        require(step.touched().policy() == !before.policy().equals(after.policy()), "the policy is touched or not");
        require(
                step.touched().settings() == !before.settings().equals(after.settings()),
                "the settings are touched or not");
    }

    private static List<Object> carriers(RoutingState state, Prefix prefix) {
        List<Object> carriers = new ArrayList<>();
        state.route(prefix).ifPresent(route -> {
            carriers.add(route.primary());
            carriers.add(route.isKept());
            carriers.add(route.holders());
            route.candidates()
                    .forEach(candidate -> carriers.add(List.of(
                            candidate.node(),
                            candidate.candidateClass(),
                            candidate.priority(),
                            candidate.registeredAt(),
                            candidate.isInGrace())));
        });
        return carriers;
    }

    private static void checkRemoved(RoutingState before, Step step) {
        RoutingState after = step.next();
        // new settings may name nodes that are still to come
        boolean settingsChanged = step.events().stream().anyMatch(RouteEvent.SettingsChanged.class::isInstance);
        for (NodeId id : before.nodes().keySet()) {
            if (after.node(id).isEmpty()) {
                String key = before.nodes().get(id).facts().hostKey();
                require(!after.nodeWithHostKey(key).equals(Optional.of(id)), "the host key of a removed node is free");
                require(
                        settingsChanged || !after.settings().nodePriorities().containsKey(id),
                        "no priority of a removed node is left");
                require(
                        settingsChanged
                                || after.settings().routePriorities().keySet().stream()
                                        .noneMatch(route -> route.node().equals(id)),
                        "no priority of a removed node is left");
                require(
                        after.routes().values().stream()
                                .noneMatch(route -> route.holders().contains(id)
                                        || route.primary().equals(Optional.of(id))),
                        "no route of a removed node is left");
            }
        }
    }

    /** A restart loses nothing that is durable, and moves nothing. */
    private static void checkRestore(RoutingState state) {
        StateRows rows = state.rows();
        RoutingState restored = RoutingState.restore(rows, state.now());
        Step first = Routing.step(restored, List.of(), state.now());
        require(first.rowChanges().applyTo(rows).equals(first.next().rows()), "the first step writes what differs");
        for (NodeRow row : rows.nodes()) {
            NodeState now = state.node(row.facts().id()).orElseThrow();
            NodeState after = restored.node(row.facts().id()).orElseThrow();
            require(
                    row.absence().isEmpty() || after.liveness() == now.liveness(),
                    now,
                    " is after a restart as it was: absent since ",
                    row.absence());
        }
        if (!state.settings().restartGrace().isZero()) {
            require(restored.rows().equals(rows), "a restart keeps the rows");
            require(
                    first.rowChanges().isEmpty(),
                    "there is nothing to write after a restart, but ",
                    first.rowChanges());
            require(
                    first.events().stream().noneMatch(RouteEvent.OfElection.class::isInstance),
                    "a restart moves nothing, but ",
                    first.events());
        }
    }

    private static void checkDeterminism(RoutingState before, List<Submission> submissions, Step step) {
        Step again = Routing.step(before, submissions, step.next().now());
        require(again.events().equals(step.events()), "the same step has the same events");
        require(again.results().equals(step.results()), "the same step has the same results");
        require(again.rowChanges().equals(step.rowChanges()), "the same step has the same change");
        require(again.next().canonicalText().equals(step.next().canonicalText()), "the same step has the same state");
    }

    /** The words are put together only when they are needed: almost never. */
    private static void require(boolean holds, Object... words) {
        if (!holds) {
            StringBuilder invariant = new StringBuilder("expected that ");
            for (Object word : words) {
                invariant.append(word);
            }
            throw new AssertionError(invariant.toString());
        }
    }

    /** Whether a result is a refusal. */
    static boolean isRefused(SubmissionResult result) {
        return result instanceof SubmissionResult.Refused;
    }
}
