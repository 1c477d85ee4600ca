package dev.wayleave.examples.cli.text;

import dev.wayleave.net.WayleaveException;

/** A mistake in the input: printed in one line, with exit code 2 and no stack trace. */
public sealed class BadInput extends RuntimeException permits Refused, Misread {

    private static final long serialVersionUID = 1L;

    public BadInput(String message) {
        super(Printable.line(message));
    }

    public BadInput(WayleaveException refused) {
        this(String.valueOf(refused.getMessage()));
    }
}
