package dev.wayleave.examples.cli.source;

import dev.wayleave.NodeState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.NearNames;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.settings.RoutingSettings;
import java.util.List;

/**
 * A tailnet as a source knows it.
 *
 * @param state what is known of it
 * @param names how texts call its nodes and the entries of its policy
 * @param unknown the facts that the source lacks, and the assumptions in their place; empty if it has them all
 * @param policy the text of its policy as the source has it
 */
public record Tailnet(RoutingState state, Names names, String unknown, String policy) {

    /** A tailnet with the policy of its state; one inside a file begins with the lines that are before it there. */
    public Tailnet(RoutingState state, Names names, String unknown) {
        this(state, names, unknown, state.policy().text().replaceFirst("^\n+", ""));
    }

    /**
     * The same tailnet, which takes a policy that fails its own tests: for answers about such a policy, which name
     * these tests themselves.
     */
    public static RoutingState withoutPolicyTests(RoutingState state) {
        RoutingSettings settings =
                state.settings().toBuilder().policyTests(false).build();
        return settings.equals(state.settings())
                ? state
                : Routing.step(
                                state,
                                List.of(Submission.of(new Actor("wayleave"), new Command.SetSettings(settings))),
                                state.now())
                        .next();
    }

    /** The views of all nodes, computed anew. */
    public RoutingViews views() {
        return RoutingViews.of(state);
    }

    /** The node with a name; or with a number, if no node has that name. */
    public NodeState node(String typed) {
        List<NodeState> found = state.nodes().values().stream()
                .filter(node -> node.facts().name().equals(typed))
                .toList();
        if (found.isEmpty() && typed.matches("[1-9][0-9]{0,17}")) {
            found = state.node(new NodeId(Long.parseLong(typed))).stream().toList();
        }
        if (found.isEmpty()) {
            List<String> known = state.nodes().values().stream()
                    .map(node -> node.facts().name())
                    .toList();
            throw new BadInput("there is no node `" + typed + "`" + NearNames.hint(typed, known));
        }
        if (found.size() > 1) {
            throw new BadInput("`" + typed + "` is the name of more than one node: write one of the numbers "
                    + found.stream().map(NodeState::id).toList());
        }
        return found.get(0);
    }
}
