package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Node;
import dev.wayleave.testing.Expander;
import dev.wayleave.testing.RoutingArbitraries;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/**
 * Random histories told in other ways. Where the way matters, the property says so by what it leaves out of the history:
 *
 * <ul>
 *   <li>empty steps matter to a step that comes late, for what was due is then elected before its commands
 *   <li>to hand everything in twice matters if other commands stand between the two
 *   <li>where a step ends matters to primaries, to a drain that must find a standby, to owners who leave, and to the idle time
 *       of ephemeral nodes – never to what is advertised, approved or denied
 * </ul>
 */
@Domain(RoutingDomain.class)
class ExpanderPropertyTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");

    /** One history at a time, so that a failure shrinks well; many in the long run. */
    @Provide
    static Arbitrary<List<Script>> histories() {
        return RoutingArbitraries.scripts().list().ofSize(SLOW ? 25 : 1);
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
    void whereStepsEndDoesNotMatterToApprovals(@ForAll("histories") List<Script> histories) {
        for (Script history : histories) {
            Script told = map(history, ExpanderPropertyTest::withoutWhatStepsDecide);
            StateRows end = decidedByCommands(Expander.IDENTITY.run(told));
            for (Expander expander : List.of(Expander.SPLIT, Expander.SQUASH)) {
                assertThat(decidedByCommands(expander.run(told)))
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
                        .map(row -> new NodeRow(row.facts(), Optional.empty(), false))
                        .toList(),
                rows.routes().stream()
                        .map(row -> new RouteRow(row.node(), row.prefix(), row.advertised(), row.standing(), false))
                        .toList());
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

    /** The first moment sets the users up, and stays as it is. */
    private static Script map(Script script, UnaryOperator<List<Command>> commands) {
        List<Script.Moment> moments = new ArrayList<>();
        for (Script.Moment moment : script.moments()) {
            List<Submission> submissions = new ArrayList<>();
            for (Submission each : moment.submissions()) {
                submissions.add(new Submission(each.actor(), each.correlationId(), commands.apply(each.commands())));
            }
            moments.add(moments.isEmpty() ? moment : new Script.Moment(moment.at(), submissions));
        }
        return new Script(script.start(), moments);
    }

    private static List<Command> withoutWhatStepsDecide(List<Command> commands) {
        List<Command> kept = new ArrayList<>();
        for (Command command : commands) {
            if (command instanceof Command.NodeRegistered registered) {
                kept.add(new Command.NodeRegistered(lasting(registered.facts())));
            } else if (command instanceof Command.NodeChanged changed) {
                kept.add(new Command.NodeChanged(lasting(changed.facts())));
            } else if (!(command instanceof Command.Drain) && !(command instanceof Command.UsersReplaced)) {
                kept.add(command);
            }
        }
        return kept;
    }

    private static Node lasting(Node node) {
        return node.toBuilder().ephemeral(false).build();
    }
}
