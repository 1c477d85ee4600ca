package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import java.util.List;

/**
 * A route test that does not hold.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param test its place in the list of tests, from 0
 * @param faults what does not hold, each with the reason, in lower case; at least one
 */
public record RouteTestFailure(int test, List<String> faults) {

    /** Copies the faults. */
    public RouteTestFailure {
        faults = Copies.list(faults, "faults");
    }

    /**
     * {@return which test it is, and all that does not hold, in one line}
     */
    public String text() {
        return "routeTests[" + test + "]: " + String.join("; ", faults);
    }
}
