package dev.wayleave.examples.server;

import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RouteControllerBuilder;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * The part that this process takes in the tailnet: with no other process, as its owner, or as one of several replicas.
 */
@FunctionalInterface
interface Membership extends AutoCloseable {

    /** No other process uses the store. */
    Membership ALONE = builder -> builder;

    /**
     * Gives a controller its part. Called again when the controller before it has closed by itself. Blocks.
     *
     * @param builder the builder of the controller
     * @return the same builder
     * @throws dev.wayleave.net.WayleaveException if it is not possible now
     */
    RouteControllerBuilder join(RouteControllerBuilder builder);

    /** {@return whether other processes have sessions of the tailnet, too} */
    default boolean isShared() {
        return false;
    }

    /** {@return what time it is for all processes of the tailnet} */
    default InstantSource clock(InstantSource ofHost) {
        return ofHost;
    }

    /** Refreshes the controllers whenever another process has written, until it is closed. */
    default void follow(Supplier<? extends Collection<RouteController>> controllers) {}

    /** Ends the sessions of a controller that has closed by itself: the next one joins anew. Blocks. */
    default void leave() {}

    @Override
    default void close() {}
}
