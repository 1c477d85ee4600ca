package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.election.FailBack;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.row.StateRows;
import dev.wayleave.testing.ChangedRows;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A process that follows decides by the policy and the users that it followed. */
class FollowedPolicyTest {

    private static final Prefix NET = Prefix.parse("10.0.0.0/8");
    private static final String POLICY = """
            {"autoApprovers": {"routes": {"10.0.0.0/8": ["ann@example.com"]}}}""";

    private final Scenario writer =
            Scenario.begin().user("ann").register("pc", node -> node.owner(Owner.user(new UserId("ann"))));

    /** Whether the process that follows approves a route that the node advertises there. */
    private boolean approvesAfter(Consumer<Scenario> writes) {
        StateRows before = writer.stored();
        RoutingState state = RoutingState.restore(before, writer.now());
        writes.accept(writer);
        RoutingState followed = Routing.follow(state, ChangedRows.between(before, writer.stored()), writer.now())
                .next();
        NodeId node = writer.id("pc");
        Submission advertise = Submission.of(new Actor("test"), new Command.AdvertiseRoutes(node, List.of(NET)));
        return Routing.step(followed, List.of(advertise), writer.now())
                .next()
                .node(node)
                .orElseThrow()
                .effective()
                .contains(NET);
    }

    @Test
    void aPolicyThatWasFollowedApproves() {
        assertThat(approvesAfter(all -> all.policy("{\"hosts\": {\"x\": \"10.0.0.1\"}}")))
                .isFalse();
        assertThat(approvesAfter(all -> all.policy(POLICY))).isTrue();
    }

    @Test
    void aUserThatWasFollowedApproves() {
        writer.policy(POLICY);

        assertThat(approvesAfter(all ->
                        all.run(new Command.SetUsers(Users.of(List.of(User.builder(new UserId("ann"), "ann")
                                .email("other@example.com")
                                .build()))))))
                .isFalse();
    }

    @Test
    void aPrefixThatNoNodeHasAnyMoreDoesNotFailBack() {
        Scenario scenario = Scenario.begin()
                .settings(settings -> settings.failBack(FailBack.after(Duration.ofMinutes(5))))
                .router("a", "10.0.0.0/8")
                .router("b", "10.0.0.0/8")
                .disconnect("a")
                .sleep(Duration.ofSeconds(20))
                .connect("a");
        assertThat(scenario.state().route(NET).orElseThrow().failBackAt()).isNotEqualTo(Deadline.NEVER);

        scenario.run(
                new Command.AdvertiseRoutes(scenario.id("a"), List.of()),
                new Command.AdvertiseRoutes(scenario.id("b"), List.of()));

        assertThat(scenario.state().fields.failBacks).isEmpty();
    }
}
