package dev.wayleave.foresight;

import java.util.Locale;

/** The severity of a finding. Ordered from the least. */
public enum LintSeverity {
    /** Something to know. */
    INFO,
    /** Something that may not be meant, or will hurt some day. */
    WARNING,
    /** Something does not work as it is written. */
    ERROR;

    /** {@return the name in lower case, for example {@code warning}} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
