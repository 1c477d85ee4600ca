package dev.wayleave.visibility;

import dev.wayleave.access.Fault;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The fast answers against the slow twin's, on random tailnets made for trouble. */
class VisibilityPropertyTest {

    @Property(tries = 3_000)
    void agreesWithTheSlowTwin(@ForAll("tailnets") Tailnets.Elected random) {
        Comparison.assertSame(random.tailnet(), random.routes(), Fault.NONE);
    }

    @Provide
    Arbitrary<Tailnets.Elected> tailnets() {
        return Tailnets.any();
    }
}
