package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.explanation.Hop;
import dev.wayleave.explanation.Missing;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.testing.Kinds;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is stored or sent has a name of its own, which a program can rely on. */
class KindsTest {

    @TestFactory
    Stream<DynamicTest> the_kinds_of_one_type_are_unique_and_in_kebab_case() {
        return Stream.of(
                        Command.class,
                        Problem.class,
                        RouteEvent.class,
                        RouteAnswer.GivenReason.class,
                        Withheld.Reason.class,
                        Hop.class,
                        Missing.class,
                        NearRule.Difference.class,
                        Reachability.Note.class)
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(),
                        () -> assertThat(Kinds.of(type).values())
                                .isNotEmpty()
                                .doesNotHaveDuplicates()
                                .allMatch(kind -> kind.matches("[a-z0-9]+(-[a-z0-9]+)*"))));
    }
}
