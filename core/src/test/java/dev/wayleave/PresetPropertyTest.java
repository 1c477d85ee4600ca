package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.Candidate;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.RouteKey;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.Invariants;
import dev.wayleave.testing.NaiveOverlay;
import dev.wayleave.testing.NaiveTailnet;
import dev.wayleave.testing.NaiveVisibility;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Scenario;
import dev.wayleave.testing.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/**
 * What {@link RoutingSettings#DEFAULT} promises beyond {@link Invariants}, which hold under all settings, and what each
 * preset gives up of it: exactly what the Javadoc of {@link RoutingSettings} states.
 */
@Domain(RoutingDomain.class)
class PresetPropertyTest {

    /** What a preset may give up. */
    private enum Promise {
        /** A primary is one of the candidates. */
        PRIMARY_IS_CANDIDATE,
        /** What an administrator took away, no policy brings back. */
        DENIED_STAYS_DENIED,
        /** What is advertised and would be approved is approved. */
        POLICY_HOLDS_AT_ONCE,
        /** Of the fittest candidates of an unserved prefix, one with the highest priority gets it. */
        PRIORITY_COUNTS,
        /** An exit route is shown only to whom a rule opens the internet. */
        EXIT_ROUTES_NEED_THE_INTERNET
    }

    private static final String NET = "10.0.0.0/8";

    private static final Map<String, Preset> PRESETS = Map.of(
            "DEFAULT", new Preset(RoutingSettings.DEFAULT, EnumSet.noneOf(Promise.class)),
            "TAILSCALE",
                    new Preset(
                            RoutingSettings.TAILSCALE,
                            EnumSet.of(Promise.PRIMARY_IS_CANDIDATE, Promise.POLICY_HOLDS_AT_ONCE)),
            "HEADSCALE",
                    new Preset(
                            RoutingSettings.HEADSCALE,
                            EnumSet.of(
                                    Promise.DENIED_STAYS_DENIED,
                                    Promise.POLICY_HOLDS_AT_ONCE,
                                    Promise.PRIORITY_COUNTS,
                                    Promise.EXIT_ROUTES_NEED_THE_INTERNET)));

    private record Preset(RoutingSettings settings, Set<Promise> givenUp) {}

    @Provide
    static Arbitrary<String> presets() {
        return Arbitraries.of("DEFAULT", "TAILSCALE", "HEADSCALE");
    }

    /** A history under a preset with two priorities, in which the settings stay as they are. */
    private static Script under(RoutingSettings preset, Script script) {
        RoutingSettings settings = preset.toBuilder()
                .priority(new NodeId(3), 5)
                .priority(new NodeId(4), 9)
                .build();
        List<Script.Moment> moments = new ArrayList<>();
        for (Script.Moment moment : script.moments()) {
            List<Submission> submissions = new ArrayList<>();
            for (Submission submission : moment.submissions()) {
                submissions.add(new Submission(
                        submission.actor(),
                        submission.correlationId().orElse(null),
                        submission.commands().stream()
                                .filter(command -> !(command instanceof Command.SetSettings))
                                .toList()));
            }
            moments.add(new Script.Moment(moment.at(), submissions));
        }
        RoutingState start = RoutingState.empty(
                script.start().tailnet(), settings, script.start().now());
        return new Script(start, moments);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void everyPresetKeepsWhatItDoesNotGiveUp(@ForAll("presets") String name, @ForAll Script script) {
        Preset preset = PRESETS.get(name);
        assertThat(preset.givenUp()).as("given up by %s", name).containsAll(broken(under(preset.settings(), script)));
    }

    /** What a preset gives up, it really does not keep: a history for each. */
    @Example
    void aGuaranteeThatAPresetGivesUpDoesNotHold() {
        Scenario kept = Scenario.of(RoutingSettings.TAILSCALE)
                .router("a", NET)
                .disconnect("a")
                .after(Duration.ofSeconds(15))
                .expectKept(NET, "a");
        Scenario late = Scenario.of(RoutingSettings.TAILSCALE)
                .register("a")
                .advertise("a", NET)
                .policy(AutoApprovalRegressionTest.ROUTERS)
                .expectEffective("a");
        Scenario forgotten = Scenario.of(RoutingSettings.HEADSCALE)
                .register("a")
                .policy(AutoApprovalRegressionTest.ROUTERS)
                .advertise("a", NET)
                .revoke("a", NET)
                .expectEffective("a")
                .change("a", node -> node.owner(Owner.tags("tag:router", "tag:other")))
                .expectEffective("a", NET);
        Scenario passedOver = Scenario.of(RoutingSettings.HEADSCALE)
                .settings(settings -> settings.priority(new NodeId(2), 9))
                .register("a")
                .register("b")
                .advertise("a", NET)
                .advertise("b", NET)
                .approve("a", NET)
                .approve("b", NET)
                .together(both -> both.connect("a").connect("b"))
                .expectPrimary(NET, "a");
        Scenario shown = Scenario.of(RoutingSettings.HEADSCALE)
                .policy("""
                        {"tagOwners": {"tag:router": [], "tag:laptop": []},
                         "acls": [{"action": "accept", "src": ["tag:laptop"], "dst": ["tag:router:*"]}]}""")
                .register("exit", node -> node.address(IpAddress.parse("100.64.0.1")))
                .register("laptop", node -> node.owner(Owner.tags("tag:laptop")).address(IpAddress.parse("100.64.0.2")))
                .advertise("exit", "0.0.0.0/0", "::/0")
                .approve("exit", "0.0.0.0/0", "::/0");

        Map<String, Set<Promise>> broken = new TreeMap<>();
        broken.put("TAILSCALE", broken(kept.script()));
        broken.get("TAILSCALE").addAll(broken(late.script()));
        broken.put("HEADSCALE", broken(forgotten.script()));
        broken.get("HEADSCALE").addAll(broken(passedOver.script()));
        broken.get("HEADSCALE").addAll(broken(shown.script()));
        broken.forEach((name, promises) -> assertThat(promises)
                .as("broken by %s", name)
                .isEqualTo(PRESETS.get(name).givenUp()));
    }

    private static Set<Promise> broken(Script history) {
        Set<Promise> broken = EnumSet.noneOf(Promise.class);
        RoutingState state = history.start();
        Set<RouteKey> takenAway = new HashSet<>();
        for (Script.Moment moment : history.moments()) {
            Step step = Routing.step(state, moment.submissions(), moment.at());
            Invariants.check(state, moment.submissions(), step);
            broken.addAll(broken(state, step, takenAway));
            state = step.next();
        }
        return broken;
    }

    private static Set<Promise> broken(RoutingState before, Step step, Set<RouteKey> takenAway) {
        Set<Promise> broken = EnumSet.noneOf(Promise.class);
        for (RouteState route : step.next().routes().values()) {
            if (route.primary().isPresent()
                    && route.candidates().stream()
                            .map(Candidate::node)
                            .noneMatch(node -> route.primary().get().equals(node))) {
                broken.add(Promise.PRIMARY_IS_CANDIDATE);
            }
        }
        if (bringsBack(before, step, takenAway)) {
            broken.add(Promise.DENIED_STAYS_DENIED);
        }
        for (NodeState node : step.next().nodes().values()) {
            for (Prefix prefix : node.advertised()) {
                Verdict verdict = Routing.explain(step.next(), node.id(), prefix)
                        .orElseThrow()
                        .verdict();
                if (verdict instanceof Verdict.ApprovedByPolicy) {
                    broken.add(Promise.POLICY_HOLDS_AT_ONCE);
                }
            }
        }
        step.events().forEach(event -> {
            if (event instanceof RouteEvent.OfElection election && passesOverPriority(step.next(), election)) {
                broken.add(Promise.PRIORITY_COUNTS);
            }
        });
        if (showsExitRoutesWithoutTheInternet(step.next())) {
            broken.add(Promise.EXIT_ROUTES_NEED_THE_INTERNET);
        }
        return broken;
    }

    /**
     * Whether a viewer is shown an exit route that the rule of {@code DEFAULT}, spelled out pair by pair, does not
     * show.
     */
    private static boolean showsExitRoutesWithoutTheInternet(RoutingState state) {
        List<NodeRoutes> nodes = state.nodes().values().stream()
                .map(node -> new NodeRoutes(node.facts(), new TreeSet<>(node.effective())))
                .toList();
        if (nodes.stream().noneMatch(NodeRoutes::isExitNode)) {
            return false;
        }
        NaiveVisibility promised = new NaiveVisibility(
                new NaiveTailnet(state.policy(), state.users(), nodes, ExitRule.INTERNET, NaiveOverlay.DEFAULT),
                Map.of());
        RoutingViews views = RoutingViews.of(state);
        for (NodeId viewer : state.nodes().keySet()) {
            Map<NodeId, SortedSet<Prefix>> allowed = promised.view(viewer);
            for (Prefix exit : List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"))) {
                for (NodeId carrier :
                        Routing.explain(views, viewer, exit).orElseThrow().carriers()) {
                    if (!allowed.getOrDefault(carrier, Collections.emptySortedSet())
                            .contains(exit)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean bringsBack(RoutingState before, Step step, Set<RouteKey> takenAway) {
        boolean brought = false;
        for (RouteEvent event : step.events()) {
            if (event instanceof RouteEvent.RouteRevoked revoked && revoked.reason() instanceof Reason.Revoked) {
                takenAway.add(new RouteKey(revoked.node(), revoked.prefix()));
            } else if (event instanceof RouteEvent.NodeRemoved removed) {
                takenAway.removeIf(key -> key.node().equals(removed.node()));
            } else if (event instanceof RouteEvent.RouteApproved approved) {
                RouteKey key = new RouteKey(approved.node(), approved.prefix());
                boolean byPolicy = approved.approval().by() instanceof Approver.RouteApprover
                        || approved.approval().by() instanceof Approver.ExitNodeApprover;
                brought |= byPolicy && takenAway.contains(key);
                takenAway.remove(key);
            }
        }
        takenAway.removeIf(key -> before.node(key.node()).isEmpty()
                && step.next().node(key.node()).isEmpty());
        return brought;
    }

    private static boolean passesOverPriority(RoutingState state, RouteEvent.OfElection election) {
        if (!(election.outcome() instanceof Outcome.Elected elected) || !(elected.reason() instanceof Win.GoesFirst)) {
            return false;
        }
        RouteState route = state.route(election.prefix()).orElseThrow();
        Candidate winner = route.candidates().stream()
                .filter(candidate -> candidate.node().equals(elected.winner()))
                .findFirst()
                .orElseThrow();
        return route.candidates().stream()
                .anyMatch(other -> other.candidateClass() == winner.candidateClass()
                        && other.isInGrace() == winner.isInGrace()
                        && other.priority() > winner.priority());
    }
}
