package dev.wayleave.mesh;

import dev.wayleave.internal.Kinds;

/**
 * A value whose kind has a stable name. The sealed types of the library extend it: events, reasons, verdicts and the
 * like. The name is part of the API: documents, databases and metrics keep it, and it stays when a class is renamed.
 * {@code docs/json.md} lists the kinds of each type.
 */
public interface NamedKind {

    /** {@return the stable name of the kind in lower-case words with hyphens, for example {@code primary-moved}} */
    default String kind() {
        return Kinds.of(this);
    }
}
