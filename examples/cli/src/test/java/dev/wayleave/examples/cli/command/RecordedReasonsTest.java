package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Why a recorded control plane withholds a route, in words; needs the folder of recorded cases. */
class RecordedReasonsTest {

    private static final Path CASES = Optional.ofNullable(System.getProperty("wayleave.conformance"))
            .or(() -> Optional.ofNullable(System.getenv("WAYLEAVE_CONFORMANCE")))
            .filter(text -> !text.isBlank())
            .map(text -> Run.MODULE.resolve("../..").resolve(text))
            .orElse(Run.MODULE.resolve("../../../shared/conformance"))
            .normalize();

    private static String recorded(String file) {
        Path recorded = CASES.resolve(file);
        assumeTrue(Files.exists(recorded), recorded + " is not there: name the folder with -Dwayleave.conformance");
        return recorded.toString();
    }

    @Test
    void aGrantWithViaLeadsElsewhere() {
        String file = recorded("grants/via-grant-v39.json");
        Run view = Run.of("view", "--case", file, "--node", "client-a", "--why");
        assertThat(view.code()).isZero();
        Facts.assertSomeLines(view.out(), """
                10.44.0.0/16 … ha-a1 … (tag:group-a → 10.44.0.0/16 via tag:ha-a1) … client-a … there
                10.44.0.0/16 … ha-a2 … (tag:group-a → 10.44.0.0/16 via tag:ha-a1) … client-a elsewhere … ha-a1
                """);
        Facts.assertSomeLines(
                Run.of("can", "client-b", "10.44.0.9:22", "--case", file).out(),
                "route 10.44.0.0/16 … ha-a2 … chosen … client-b");
    }

    @Test
    void theOtherOfTwoRoutersIsThePrimary() {
        String file = recorded("routes/routes-e3-ha-secondary-no-route-in-allowedips.json");
        Run view = Run.of("view", "--case", file, "--node", "ivysaur", "--why");
        assertThat(view.code()).isZero();
        Facts.assertSomeLines(view.out(), """
                192.168.1.0/24 … metapod … (* → 192.168.1.0/24:*) … ivysaur …
                192.168.1.0/24 … butterfree metapod … primary
                """);
    }
}
