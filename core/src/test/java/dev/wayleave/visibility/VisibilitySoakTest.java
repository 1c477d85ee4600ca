package dev.wayleave.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Fault;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The longer run of the comparison with the slow twin: {@code -Dwayleave.slow=true}. */
@EnabledIfSystemProperty(named = "wayleave.slow", matches = "true")
class VisibilitySoakTest {

    private static final int TAILNETS = 100_000;

    @Test
    void agreesWithTheSlowTwinOnManyTailnets() {
        Random random = new Random(20261121);
        int agreed = 0;
        for (int i = 0; i < TAILNETS; i++) {
            Tailnets.Elected tailnet = Tailnets.of(random);
            Comparison.assertSame(tailnet, Fault.NONE);
            agreed++;
        }
        System.out.println("slow twin: agreed on " + agreed + " random tailnets");
        assertThat(agreed).isEqualTo(TAILNETS);
    }
}
