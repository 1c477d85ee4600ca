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
import dev.wayleave.policy.RoutingPolicy;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The policy as it was written, with the time of its last change. */
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
     * The result of reading a text as a policy.
     *
     * @param policyOrNull the policy; null if the text cannot be read
     * @param problems everything that is wrong with it in this tailnet
     */
    public record ReadResult(@Nullable RoutingPolicy policyOrNull, List<PolicyProblem> problems) {

        public Optional<RoutingPolicy> policy() {
            return Optional.ofNullable(policyOrNull);
        }

        public boolean isAccepted() {
            return problems.isEmpty();
        }
    }

    /** Reads a policy, once. */
    public ReadResult read(String text) {
        try {
            RoutingPolicy policy = PolicyReader.read(text);
            return new ReadResult(policy, policy.problemsWith(plane.state().users()));
        } catch (PolicyException e) {
            return new ReadResult(null, e.problems());
        }
    }

    /**
     * Replaces the policy, unless something is wrong with it.
     *
     * @return everything that is wrong
     */
    public List<PolicyProblem> replace(Actor actor, String text) {
        return replace(actor, text, before -> {});
    }

    /**
     * Replaces the policy, unless something is wrong with it.
     *
     * @param check is given the policy that would be replaced, and throws to keep it
     * @return everything that is wrong
     */
    public synchronized List<PolicyProblem> replace(Actor actor, String text, Consumer<String> check) {
        check.accept(plane.state().policy().text());
        ReadResult reading = read(text);
        if (reading.isAccepted()) {
            var unused =
                    plane.submit(actor, new Command.SetPolicy(reading.policy().orElseThrow()));
            try {
                tables.put(new PolicyRow(text, clock.instant().toString()));
            } catch (HostTablesException e) {
                throw ApiException.unavailable(
                        "the policy is in force, but the time of the change could not be kept: put it again to keep "
                                + "it");
            }
        }
        return reading.problems();
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
