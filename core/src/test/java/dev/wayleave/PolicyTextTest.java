package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.journal.Journal;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.testing.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text of a policy as it was written, in the state, in its row and in the journal. */
class PolicyTextTest {

    private static final String WRITTEN = """
            // who may go where
            {
              "tagOwners": {"tag:router": []},
              "autoApprovers": {"routes": {"10.0.0.1/8": ["tag:router"]}},
              "acls": [
                {"action": "accept", "users": ["*"], "dst": ["*:22"]}, // all nodes
                {"action": "accept", "src": ["*"], "dst": ["*:443"]}
              ]
            }
            """;
    private static final String IN_OTHER_WORDS = """
            {"tagOwners": {"tag:router": []},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}},
             "acls": [{"action": "accept", "src": ["*"], "dst": ["*:22"]},
                      {"action": "accept", "src": ["*"], "dst": ["*:443"]}]}""";

    private final Scenario scenario = Scenario.begin();

    private void assertWritten(RoutingPolicy policy) {
        assertThat(policy.text()).isEqualTo(WRITTEN);
        assertThat(policy.lineOfAcl(1)).hasValue(7);
        assertThat(policy.notices())
                .extracting(notice -> notice.line() + " " + notice.element())
                .containsExactly("4 autoApprovers.routes[\"10.0.0.1/8\"]", "6 acls[0].users");
    }

    @Test
    void textLinesAndNoticesComeBackAfterARestart() {
        scenario.policy(WRITTEN).restart();
        assertWritten(scenario.state().policy());
    }

    @Test
    void textLinesAndNoticesComeBackFromAJournal() {
        scenario.policy(WRITTEN);
        String begin = Journal.begin(scenario.stored(), scenario.now());
        assertWritten(Journal.replay(List.of(begin)).state().policy());

        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = new Journal.Recorder(Scenario.begin().stored(), Scenario.START, lines::add);
        var unused = recorder.step(
                List.of(Submission.of(
                        new dev.wayleave.mesh.Actor("ada"), new Command.SetPolicy(PolicyReader.read(WRITTEN)))),
                Scenario.START);
        assertWritten(Journal.replay(lines).state().policy());
    }

    @Test
    void thousandRulesHaveTheirLinesAfterAReplay() {
        int rules = 1_000;
        String oldRule = """
                {"action": "accept", "users": ["*"], "dst": ["*:22"]}, // old
                """;
        String text = """
                {"acls": [
                %s]}""".formatted(oldRule.repeat(rules));
        List<String> lines = new ArrayList<>();
        Journal.Recorder recorder = new Journal.Recorder(Scenario.begin().stored(), Scenario.START, lines::add);
        var unused = recorder.step(
                List.of(Submission.of(
                        new dev.wayleave.mesh.Actor("ada"), new Command.SetPolicy(PolicyReader.read(text)))),
                Scenario.START);

        RoutingPolicy policy = Journal.replay(lines).state().policy();

        assertThat(policy.text()).isEqualTo(text);
        for (int rule = 0; rule < rules; rule++) {
            assertThat(policy.lineOfAcl(rule)).hasValue(rule + 2);
            assertThat(policy.notices().get(rule).line()).isEqualTo(rule + 2);
        }
    }

    @Test
    void aBuiltPolicyIsKeptAsItsCanonicalText() {
        RoutingPolicy built = PolicyReader.read(WRITTEN).toBuilder().build();
        assertThat(built.text()).isEqualTo(built.toJson());
        scenario.run(new Command.SetPolicy(built)).restart();
        assertThat(scenario.state().policy().text()).isEqualTo(built.toJson());
        assertThat(scenario.state().policy().lineOfAcl(1)).hasValue(1).isEqualTo(built.lineOfAcl(1));
    }

    @Test
    void otherWordsReplaceTheTextAndNothingElse() {
        scenario.policy(WRITTEN).router("a", "10.0.0.0/16").forgetEvents();
        RoutingState before = scenario.state();
        RoutingViews views = RoutingViews.of(before);

        scenario.policy(IN_OTHER_WORDS);

        Step step = scenario.last();
        assertThat(step.events()).hasSize(1).first().isInstanceOf(RouteEvent.PolicyTextChanged.class);
        assertThat(step.rowChanges().tailnet().orElseThrow().policy().text()).isEqualTo(IN_OTHER_WORDS);
        assertThat(step.rowChanges().nodes().isEmpty()).isTrue();
        assertThat(step.rowChanges().routes().isEmpty()).isTrue();
        assertThat(step.touched().isEmpty()).isTrue();
        assertThat(step.next().policy().lineOfAcl(1)).hasValue(4);
        assertThat(step.next().policy().notices()).isEmpty();
        assertThat(views.after(step).visibility()).isSameAs(views.visibility());
        assertThat(views.after(step).state().policy().lineOfAcl(1)).hasValue(4);
        assertThat(step.next().digest()).isEqualTo(before.digest());
    }

    @Test
    void theSameWordsAgainAreNoEvent() {
        scenario.policy(WRITTEN).forgetEvents().policy(WRITTEN);
        assertThat(scenario.events()).isEmpty();
        scenario.expectNothingWritten();
    }

    /** The same words again are a reload, which brings back what is not remembered as denied. */
    @Test
    void otherWordsReviewNothing() {
        Scenario forgetful = Scenario.begin()
                .settings(settings -> settings.rememberDenied(false))
                .policy(WRITTEN)
                .router("a", "10.0.0.0/16")
                .revoke("a", "10.0.0.0/16");
        forgetful.policy(IN_OTHER_WORDS).expectApproved("a");
        forgetful.policy(IN_OTHER_WORDS).expectApproved("a", "10.0.0.0/16");
    }

    @Test
    void rowsThatHoldOtherWordsAreOtherRows() {
        RoutingPolicy one = PolicyReader.read(WRITTEN);
        RoutingPolicy other = PolicyReader.read(IN_OTHER_WORDS);
        assertThat(other).isEqualTo(one);
        TailnetRow row = scenario.stored().tailnet();
        assertThat(new TailnetRow(row.tailnet(), row.settings(), one))
                .isEqualTo(new TailnetRow(row.tailnet(), row.settings(), PolicyReader.read(WRITTEN)))
                .isNotEqualTo(new TailnetRow(row.tailnet(), row.settings(), other))
                .hasSameHashCodeAs(new TailnetRow(row.tailnet(), row.settings(), one));
    }
}
