package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.Fault;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The longer runs of the comparison with the slow twin and of the rules that are added: {@code -Dwayleave.slow=true}.
 */
@EnabledIfSystemProperty(named = "wayleave.slow", matches = "true")
class VisibilitySoakTest {

    private static final int TAILNETS = 100_000;

    private static final int ADDITIONS = 10_000;

    @Test
    void visibilityAgreesWithTheSlowTwinOnManyTailnets() {
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

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void anAddedRuleTakesNothingAwayInManyTailnets() {
        Random random = new Random(20261128);
        int kept = 0;
        int rerouted = 0;
        for (int i = 0; i < ADDITIONS; i++) {
            AddedRulePropertyTest.Result result = AddedRulePropertyTest.check(Tailnets.withOneRuleMore(random));
            assertThat(result.lost()).isEmpty();
            kept += result.kept();
            rerouted += result.rerouted().size();
        }
        System.out.println("added rules: of " + ADDITIONS + " tailnets, " + kept + " packets go on arriving, "
                + rerouted + " take another way");
        assertThat(rerouted).isPositive();
    }
}
