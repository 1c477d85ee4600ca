package dev.wayleave.examples.server.plane;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.HostTables.HostTablesException;
import dev.wayleave.examples.server.plane.HostTables.PolicyRow;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.mesh.Actor;
import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyProblem;
import dev.wayleave.policy.PolicyReader;
import java.time.InstantSource;
import java.util.List;

/** The policy as it was written, with the time of its last change. Safe for use by several threads. */
public final class WrittenPolicy {

    private final ControlPlane plane;
    private final HostTables tables;
    private final InstantSource clock;

    public WrittenPolicy(ControlPlane plane, HostTables tables, InstantSource clock) {
        this.plane = plane;
        this.tables = tables;
        this.clock = clock;
    }

    /**
     * Replaces the policy, unless something is wrong with it.
     *
     * @return everything that is wrong
     */
    public List<PolicyProblem> replace(Actor actor, String text) {
        List<PolicyProblem> problems = problems(text);
        if (problems.isEmpty()) {
            var unused = plane.submit(actor, new Command.SetPolicy(PolicyReader.read(text)));
            try {
                tables.put(new PolicyRow(text, clock.instant().toString()));
            } catch (HostTablesException e) {
                throw ApiException.unavailable(
                        "the policy is in force, but the time of the change could not be kept: put it again to keep "
                                + "it");
            }
        }
        return problems;
    }

    /** Everything that is wrong with a policy in this tailnet. */
    public List<PolicyProblem> problems(String text) {
        try {
            return PolicyReader.read(text).problemsWith(plane.state().users());
        } catch (PolicyException e) {
            return e.problems();
        }
    }

    /** The policy as it was written, and when: the time is not known if another process has replaced it since. */
    public PolicyRow written() {
        RoutingState state = plane.state();
        String text = state.policy().text();
        return tables.policy()
                .filter(row -> row.written().equals(text))
                .orElseGet(() -> new PolicyRow(text, state.now().toString()));
    }
}
