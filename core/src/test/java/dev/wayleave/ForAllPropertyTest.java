package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.testing.RoutingDomain;
import dev.wayleave.testing.Script;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** What {@code @ForAll} alone makes for the tests of hosts. */
@Domain(RoutingDomain.class)
class ForAllPropertyTest {

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void policiesHaveEveryKindOfRuleAndAreReadBackEqual(@ForAll RoutingPolicy policy) {
        assertThat(PolicyReader.read(policy.toJson())).isEqualTo(policy);

        note("acls", policy.acls().map(rules -> !rules.isEmpty()).orElse(false));
        note("grants", policy.grants().map(rules -> !rules.isEmpty()).orElse(false));
        note(
                "via",
                policy.grants().stream()
                        .flatMap(List::stream)
                        .anyMatch(grant -> !grant.via().isEmpty()));
        note("routes", !policy.autoApprovers().routes().isEmpty());
        note("exit nodes", !policy.autoApprovers().exitNode().isEmpty());
        note("tests", !policy.tests().isEmpty());
    }

    private static void note(String label, boolean has) {
        Statistics.label(label).collect(has);
        Statistics.label(label).coverage(coverage -> {
            coverage.check(true).percentage(percent -> percent > 10);
            coverage.check(false).percentage(percent -> percent > 10);
        });
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void everyOtherTypeHasAGenerator(
            @ForAll IpAddress address,
            @ForAll Prefix prefix,
            @ForAll NodeId id,
            @ForAll Owner owner,
            @ForAll SessionId session,
            @ForAll Node node,
            @ForAll Users users,
            @ForAll RoutingSettings settings,
            @ForAll Command command,
            @ForAll Submission submission,
            @ForAll Script script,
            @ForAll RouteEvent event,
            @ForAll StateRows rows) {
        assertThat(new Object[] {
                    address, prefix, id, owner, session, node, users, settings, command, submission, script, event
                })
                .doesNotContainNull();
        assertThat(RoutingState.restoreWithoutSessions(rows, script.start().now())
                        .rows())
                .isEqualTo(rows);
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aStateTakesAnySubmission(@ForAll RoutingState state, @ForAll Submission submission) {
        Step step = Routing.step(state, List.of(submission), state.now());

        assertThat(step.results()).hasSize(1);
    }
}
