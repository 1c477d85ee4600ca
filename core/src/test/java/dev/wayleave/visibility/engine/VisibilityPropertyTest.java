package dev.wayleave.visibility.engine;

import dev.wayleave.testing.Fault;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** The fast answers against the slow twin's, on random tailnets made for trouble. */
class VisibilityPropertyTest {

    private static final int TAILNETS = 1_000;

    private static final AtomicInteger AGREED = new AtomicInteger();

    @Property(tries = TAILNETS)
    @StatisticsReport(onFailureOnly = true)
    void visibilityAgreesWithTheSlowTwin(@ForAll("tailnets") Tailnets.Elected random) {
        for (Situation situation : Situation.values()) {
            Statistics.label(situation.name())
                    .collect(situation.isIn(random))
                    .coverage(all -> all.check(true).percentage(share -> share >= situation.percent));
        }
        Comparison.assertSame(random, Fault.NONE);
        AGREED.incrementAndGet();
    }

    @AfterContainer
    static void printCounts() {
        System.out.println("slow twin: agreed on " + AGREED + " random tailnets");
    }

    @Provide
    Arbitrary<Tailnets.Elected> tailnets() {
        return Tailnets.any();
    }
}
