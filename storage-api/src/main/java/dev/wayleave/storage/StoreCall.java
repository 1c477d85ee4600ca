package dev.wayleave.storage;

import java.util.Objects;
import java.util.function.Supplier;

/** Calls a store whose adapter may break its contract: anything that it throws becomes a failure of the store. */
final class StoreCall {

    private StoreCall() {}

    /**
     * Returns the answer of a call that changes nothing, or may be made again.
     *
     * @param what the call does, for the message: "the store broke while it ..."
     * @throws StorageException if the call throws anything, or returns null
     */
    static <T> T answer(String what, Supplier<T> call) {
        try {
            return Objects.requireNonNull(call.get(), "the store returned null");
        } catch (StorageException e) {
            throw e;
        } catch (Throwable e) {
            throw new StorageException("the store broke while it " + what, e);
        }
    }
}
