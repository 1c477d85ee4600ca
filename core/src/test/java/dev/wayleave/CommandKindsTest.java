package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.mesh.Actor;
import dev.wayleave.testing.Kinds;
import dev.wayleave.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A kind of command without its branch would be accepted, and do nothing. */
class CommandKindsTest {

    @Test
    void everyKindOfCommandHasItsBranch() {
        RoutingState state =
                Scenario.begin().user("alice").router("a", "10.0.0.0/8").state();
        assertThat(Kinds.samples(Command.class)).hasSizeGreaterThan(15).allSatisfy(sample -> {
            Submission submission = Submission.of(new Actor("admin"), (Command) sample);
            assertThat(Routing.step(state, List.of(submission), Scenario.START).results())
                    .hasSize(1);
        });
    }
}
