package dev.wayleave.examples.cli;

import dev.wayleave.net.WayleaveException;

/** What the person at the keyboard can mend: told in one line, with exit code 2 and no stack trace. */
sealed class BadInput extends RuntimeException permits Refused, Misread {

    private static final long serialVersionUID = 1L;

    BadInput(String message) {
        super(Printable.line(message));
    }

    BadInput(WayleaveException refused) {
        this(String.valueOf(refused.getMessage()));
    }
}
