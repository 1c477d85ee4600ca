package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.StateRows;
import dev.wayleave.testing.Expander;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/**
 * Random histories in other forms. Where the form matters, the property leaves a part of the history out:
 *
 * <ul>
 *   <li>empty steps matter to a step that comes late, for what was due is then elected before its commands
 *   <li>to hand everything in twice matters if other commands come in between
 *   <li>where a step ends, or a host starts anew, matters to primaries, to a drain that must find a standby, to owners
 *       who leave, and to the idle time of ephemeral nodes – never to what is advertised, approved or denied
 *   <li>the order inside a step matters to commands about the same node, and to those that look at other nodes: a host
 *       key that must be free, an owner who must be known, a drain that needs a standby
 *   <li>a step of the clock is a difference, and not a fact that can have another form: there is none
 * </ul>
 */
@Domain(RoutingDomain.class)
class ExpanderPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    /** One history at a time, so that a failure shrinks well; many in the long run. */
    @Provide
    static Arbitrary<List<Script>> histories() {
        return RoutingArbitraries.scripts().map(Script::onOneClock).list().ofSize(SLOW ? 25 : 1);
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void stepsWithoutSubmissionsChangeNothingForAHostThatWakesAtEveryDeadline(
            @ForAll("histories") List<Script> histories) {
        for (Script history : histories) {
            Script punctual = punctual(history);
            assertThat(Expander.INSERT_EMPTIES.run(punctual)).isEqualTo(Expander.IDENTITY.run(punctual));
        }
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void aCommandThatComesTwiceIsOneThatComesOnce(@ForAll("histories") List<Script> histories) {
        for (Script history : histories) {
            Script single = single(history);
            assertThat(Expander.DUPLICATE.run(single)).isEqualTo(Expander.IDENTITY.run(single));
        }
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void commandsAboutDifferentNodesComeInAnyOrder(@ForAll("histories") List<Script> histories) {
        for (Script history : histories) {
            Script independent = independent(history);
            assertThat(Expander.PERMUTE.run(independent)).isEqualTo(Expander.IDENTITY.run(independent));
        }
    }

    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void whereStepsEndAndHostsRestartDoesNotMatterToApprovals(@ForAll("histories") List<Script> histories) {
        for (Script history : histories) {
            Script ofCommands = map(history, ExpanderPropertyTest::withoutWhatStepsDecide);
            StateRows end = decidedByCommands(Expander.IDENTITY.run(ofCommands));
            for (Expander expander : List.of(Expander.SPLIT, Expander.SQUASH, Expander.RESTART)) {
                assertThat(decidedByCommands(expander.run(ofCommands)))
                        .as("%s", expander)
                        .isEqualTo(end);
            }
        }
    }

    /** All rows without the primaries, the drains, and who was a candidate. */
    private static StateRows decidedByCommands(StateRows rows) {
        return new StateRows(
                rows.tailnet(),
                rows.users(),
                rows.nodes().stream()
                        .map(row -> new NodeRow(row.facts(), null, false, null))
                        .toList(),
                rows.routes().stream().map(row -> row.withPrimary(false)).toList());
    }

    /** The same with a step of its own wherever something was due before the next one. */
    private static Script punctual(Script script) {
        List<Script.Moment> moments = new ArrayList<>();
        RoutingState state = script.start();
        for (Script.Moment moment : script.moments()) {
            while (state.nextDeadline().map(due -> !due.isAfter(moment.at())).orElse(false)) {
                Script.Moment due = new Script.Moment(state.nextDeadline().orElseThrow(), List.of());
                moments.add(due);
                state = Routing.step(state, List.of(), due.at()).next();
            }
            moments.add(moment);
            state = Routing.step(state, moment.submissions(), moment.at()).next();
        }
        return new Script(script.start(), moments);
    }

    /** The same with each command in a step of its own. */
    private static Script single(Script script) {
        List<Script.Moment> moments = new ArrayList<>();
        for (Script.Moment moment : script.moments()) {
            for (Submission submission : moment.submissions()) {
                for (Command command : submission.commands()) {
                    moments.add(new Script.Moment(moment.at(), List.of(Submission.of(submission.actor(), command))));
                }
            }
        }
        return new Script(script.start(), moments);
    }

    /**
     * The same with steps that hold, for each node, one command at most that looks at no other; the rest for itself.
     */
    private static Script independent(Script script) {
        List<Script.Moment> moments = new ArrayList<>();
        for (Script.Moment moment : single(script).moments()) {
            Submission next = moment.submissions().get(0);
            Script.Moment last = moments.isEmpty() ? null : moments.get(moments.size() - 1);
            if (last == null || !last.at().equals(moment.at()) || !isIndependent(last.submissions(), next)) {
                moments.add(moment);
                continue;
            }
            List<Submission> together = new ArrayList<>(last.submissions());
            together.add(next);
            moments.set(moments.size() - 1, new Script.Moment(moment.at(), together));
        }
        return new Script(script.start(), moments);
    }

    private static boolean isIndependent(List<Submission> together, Submission next) {
        return looksAtItsNodeOnly(next)
                && together.stream()
                        .allMatch(
                                each -> looksAtItsNodeOnly(each) && !node(each).equals(node(next)));
    }

    private static boolean looksAtItsNodeOnly(Submission submission) {
        Command command = submission.commands().get(0);
        return command instanceof Command.OfNode
                && !(command instanceof Command.RegisterNode
                        || command instanceof Command.UpdateNode
                        || command instanceof Command.DrainNode);
    }

    private static NodeId node(Submission submission) {
        return ((Command.OfNode) submission.commands().get(0)).node();
    }

    /** The first moment sets the users up, and stays as it is. */
    private static Script map(Script script, UnaryOperator<List<Command>> commands) {
        List<Script.Moment> moments = new ArrayList<>();
        for (Script.Moment moment : script.moments()) {
            List<Submission> submissions = new ArrayList<>();
            for (Submission each : moment.submissions()) {
                submissions.add(new Submission(
                        each.actor(), each.correlationId().orElse(null), commands.apply(each.commands())));
            }
            moments.add(moments.isEmpty() ? moment : new Script.Moment(moment.at(), submissions));
        }
        return new Script(script.start(), moments);
    }

    private static List<Command> withoutWhatStepsDecide(List<Command> commands) {
        List<Command> kept = new ArrayList<>();
        for (Command command : commands) {
            if (command instanceof Command.RegisterNode registered) {
                kept.add(new Command.RegisterNode(lasting(registered.facts())));
            } else if (command instanceof Command.UpdateNode changed) {
                kept.add(new Command.UpdateNode(lasting(changed.facts())));
            } else if (!(command instanceof Command.DrainNode) && !(command instanceof Command.SetUsers)) {
                kept.add(command);
            }
        }
        return kept;
    }

    private static Node lasting(Node node) {
        return node.toBuilder().ephemeral(false).build();
    }
}
