package dev.wayleave.storage.replicas;

/** A promise of {@code docs/replicas.md} that a state of the model breaks. */
final class BrokenPromise extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenPromise(String message) {
        super(message);
    }
}
