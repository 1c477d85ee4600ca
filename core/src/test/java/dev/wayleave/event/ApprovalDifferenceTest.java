package dev.wayleave.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.NodeState;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a decision of an administrator changed in the approvals of a node. */
class ApprovalDifferenceTest {

    private static final String A = "10.1.0.0/16";
    private static final String B = "10.2.0.0/16";
    private static final String C = "10.3.0.0/16";

    private final Scenario scenario = Scenario.begin().router("gw", A, B).forgetEvents();

    private ApprovalDifference approve(String... prefixes) {
        scenario.forgetEvents().approve("gw", prefixes);
        return difference();
    }

    private ApprovalDifference difference() {
        NodeState node = scenario.node("gw");
        return ApprovalDifference.of(node.id(), node.approvals(), node.advertised(), scenario.events());
    }

    private static TreeSet<Prefix> set(String... prefixes) {
        TreeSet<Prefix> set = new TreeSet<>();
        Arrays.stream(prefixes).map(Prefix::parse).forEach(set::add);
        return set;
    }

    @Test
    void aListSaysWhatItApprovesRevokesDeniesAndLeaves() {
        assertThat(approve(B, C))
                .isEqualTo(new ApprovalDifference(scenario.id("gw"), set(C), set(A), set(A), set(B), set(C)));
    }

    @Test
    void theSameListAgainChangesNothing() {
        ApprovalDifference changes = approve(A, B);

        assertThat(changes.isEmpty()).isTrue();
        assertThat(changes.unchanged()).isEqualTo(set(A, B));
        assertThat(changes.text(scenario.state().names())).contains("gw", "10.1.0.0/16, 10.2.0.0/16");
    }

    @Test
    void whereDenialsAreNotRememberedNoneIsListed() {
        scenario.settings(settings -> settings.rememberDenied(false));

        assertThat(approve(A).denied()).isEmpty();
    }

    @Test
    void eventsOfOtherNodesDoNotCount() {
        scenario.router("other", C);

        assertThat(difference().approved()).isEmpty();
    }

    @Test
    void theChangesArePrintedOneKindALine() {
        assertThat(approve(B, C).text(scenario.state().names())).isEqualTo("""
                gw (1)
                  approved   10.3.0.0/16
                  revoked    10.1.0.0/16
                  denied     10.1.0.0/16; only an administrator's approval lifts that
                  unchanged  10.2.0.0/16
                  unused     10.3.0.0/16; approved, and not advertised yet
                """);
    }
}
