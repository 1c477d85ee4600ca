package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.testing.ClassSanityTester;
import dev.wayleave.access.PacketFilter;
import dev.wayleave.access.RuleId;
import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.approval.Verdict;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.election.Win;
import dev.wayleave.event.Origin;
import dev.wayleave.event.Reason;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Obstacle;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.foresight.PolicyDifference;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import dev.wayleave.row.Drain;
import dev.wayleave.row.RouteRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.NullRejection;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.PeerChange;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Values of one class are equal if and only if all their parts are, for each exported class with an {@code equals} of
 * which Guava's {@link ClassSanityTester} can make values: from its factory or constructor with the most parameters, of
 * which it changes one after the other.
 */
class ValueEqualityTest {

    private final ClassSanityTester tester = new ClassSanityTester();

    ValueEqualityTest() {
        two(Instant.class, Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        two(Duration.class, Duration.ofSeconds(1), Duration.ofSeconds(2));
        two(OptionalInt.class, OptionalInt.of(1), OptionalInt.of(2));
        two(OptionalLong.class, OptionalLong.of(1), OptionalLong.of(2));
        net();
        mesh();
        policy();
        reasons();
        root();
    }

    private <T> void two(Class<T> type, T one, T other) {
        tester.setDistinctValues(type, one, other);
    }

    private void net() {
        Prefix wide = Prefix.parse("10.0.0.0/8");
        Prefix narrow = Prefix.parse("10.0.0.0/9");
        two(Prefix.class, wide, narrow);
        two(IpAddress.class, IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"));
        two(IpRange.class, IpRange.parse("10.0.0.0/8"), IpRange.parse("10.0.0.0/9"));
        two(AddressSet.class, AddressSet.of(wide), AddressSet.of(narrow));
        two(Via6.class, new Via6(1, wide), new Via6(2, wide));
    }

    private void mesh() {
        User ada = User.builder(new UserId("1"), "ada").build();
        User bob = User.builder(new UserId("2"), "bob").build();
        two(NodeId.class, new NodeId(1), new NodeId(2));
        two(UserId.class, ada.id(), bob.id());
        two(Tag.class, new Tag("tag:a"), new Tag("tag:b"));
        two(Owner.class, Owner.tags("tag:a"), Owner.tags("tag:b"));
        two(Actor.class, new Actor("ada"), new Actor("bob"));
        two(TailnetId.class, new TailnetId("one"), new TailnetId("other"));
        two(SessionId.class, new SessionId("one"), new SessionId("other"));
        two(User.class, ada, bob);
        two(Users.class, Users.of(List.of(ada)), Users.of(List.of(bob)));
        two(
                Node.class,
                Node.builder(new NodeId(1), "a", Owner.tags("tag:a")).build(),
                Node.builder(new NodeId(2), "b", Owner.tags("tag:b")).build());
    }

    private void policy() {
        String policy = """
                {"hosts": {"lan": "%s"}}""";
        two(
                RoutingPolicy.class,
                PolicyReader.read(policy.formatted("10.0.0.0/8")),
                PolicyReader.read(policy.formatted("10.0.0.0/9")));
        two(Selector.class, Selector.parse("tag:a"), Selector.parse("tag:b"));
        two(Protocol.class, Protocol.TCP, Protocol.UDP);
        two(PortRange.class, new PortRange(1, 1), new PortRange(2, 2));
        two(Traffic.class, Traffic.ALL, Traffic.parse("tcp:22"));
        two(RuleId.class, RuleId.DEFAULT, new RuleId(RuleId.Section.ACLS, 1));
        two(PacketFilter.Rule.class, rule("10.0.0.0/8"), rule("10.0.0.0/9"));
    }

    private static PacketFilter.Rule rule(String destination) {
        return new PacketFilter.CapabilityRule(
                List.of(), new TreeSet<>(List.of(Prefix.parse(destination))), new TreeMap<>());
    }

    private void reasons() {
        NodeId one = new NodeId(1);
        NodeId other = new NodeId(2);
        Approver.Administrator ada = new Approver.Administrator(new Actor("ada"));
        Approver.Administrator bob = new Approver.Administrator(new Actor("bob"));
        two(Approver.class, ada, bob);
        two(Approval.class, new Approval(ada, Instant.EPOCH), new Approval(bob, Instant.EPOCH));
        two(Denial.class, new Denial(ada.actor(), Instant.EPOCH), new Denial(bob.actor(), Instant.EPOCH));
        two(Verdict.class, new Verdict.NoKeyCovers(), new Verdict.NoExitNodeApprover());
        two(FailBack.class, FailBack.never(), FailBack.atOnce());
        two(Win.class, new Win.Stays(), new Win.OnlyCandidate());
        two(Loss.class, new Loss.InGrace(one, other), new Loss.InGrace(other, one));
        two(Outcome.class, new Outcome.Unserved(), new Outcome.Kept(one));
        two(Reason.class, new Reason.Reported(), new Reason.NoLongerAdvertised());
        two(Withheld.Reason.class, new Withheld.NotEffective(), new Withheld.NotAdmitted());
        two(RouteAnswer.GivenReason.class, new RouteAnswer.SharedPrefix(), new RouteAnswer.Admitted(RuleId.DEFAULT));
        two(
                PeerChange.Loss.class,
                new PeerChange.NodeRemoved(),
                new PeerChange.NoRule(RuleId.DEFAULT, PeerChange.EndCause.POLICY_REPLACED));
        two(Hop.class, new Hop.Itself(), new Hop.Peer(one));
        two(Obstacle.class, new Obstacle.NoRoute(false), new Obstacle.NoRoute(true));
        two(
                NearRule.Difference.class,
                new NearRule.SameUserOnly(),
                new NearRule.OtherSources(List.of(Selector.parse("tag:a"))));
    }

    private void root() {
        NodeId one = new NodeId(1);
        NodeId other = new NodeId(2);
        Prefix prefix = Prefix.parse("10.0.0.0/8");
        Origin byAda = new Origin(new Actor("ada"), null);
        Origin byBob = new Origin(new Actor("bob"), null);
        two(Origin.class, byAda, byBob);
        two(RouteEvent.class, new RouteEvent.PolicyReplaced(byAda), new RouteEvent.PolicyReplaced(byBob));
        two(Command.class, new Command.RemoveNode(one), new Command.RemoveNode(other));
        two(Problem.class, new Problem.UnknownNode(0, one), new Problem.UnknownNode(0, other));
        two(SubmissionResult.class, SubmissionResult.accepted(), refused(one));
        two(TrafficQuestion.class, TrafficQuestion.anything(one, prefix), TrafficQuestion.anything(other, prefix));
        two(RoutingSettings.class, RoutingSettings.DEFAULT, RoutingSettings.TAILSCALE);
        two(
                RouteRow.Status.class,
                new RouteRow.Undecided(),
                new RouteRow.Denied(new Denial(new Actor("ada"), Instant.EPOCH)));
        two(
                Drain.class,
                new Drain(Instant.EPOCH, null, new Actor("ada")),
                new Drain(Instant.EPOCH, null, new Actor("bob")));
        two(
                RoutingState.class,
                Scenario.begin().router("a", "10.0.0.0/8").state(),
                Scenario.begin().router("b", "10.0.0.0/9").state());
    }

    private static SubmissionResult refused(NodeId node) {
        return new SubmissionResult.Refused(List.of(new Problem.UnknownNode(0, node)));
    }

    private static boolean isValue(Class<?> type) {
        // of its two factories with four parameters one clears host bits, and the tester takes either; a difference of
        // two policies is computed by its factory, which may come to the same for others
        if (type == Prefix.class || type == PolicyDifference.class) {
            return false;
        }
        return type.isRecord()
                || (!type.isInterface()
                        && !type.isEnum()
                        && Arrays.stream(type.getDeclaredMethods())
                                .anyMatch(method -> method.getName().equals("equals")));
    }

    /** Whether the tester can make values; throws an {@link AssertionError} where a part does not count. */
    private boolean check(Class<?> type) {
        try {
            tester.testEquals(type);
            return true;
        } catch (RuntimeException cannotBeMade) {
            return false;
        }
    }

    @Test
    void eachPartOfAValueCountsForEquality() {
        List<Class<?>> values =
                NullRejection.of(Path.of(System.getProperty("basedir", "."), "target", "classes"))
                        .exportedClasses()
                        .stream()
                        .filter(ValueEqualityTest::isValue)
                        .toList();
        List<Class<?>> notMade = new ArrayList<>();
        for (Class<?> type : values) {
            if (!check(type)) {
                notMade.add(type);
            }
        }

        assertThat(notMade)
                .as("%s classes of which the tester can make no values, of %s", notMade.size(), values.size())
                .hasSizeLessThan(values.size() / 4);
    }

    @Test
    void theCheckFindsAPartThatDoesNotCount() {
        assertThatThrownBy(() -> check(HalfEqual.class)).isInstanceOf(AssertionError.class);
        assertThat(check(WholeEqual.class)).isTrue();
    }

    /** Two parts, of which one does not count. */
    record HalfEqual(NodeId node, String name) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof HalfEqual that && node.equals(that.node);
        }

        @Override
        public int hashCode() {
            return node.hashCode();
        }
    }

    /** Two parts that both count. */
    record WholeEqual(NodeId node, String name) {}
}
