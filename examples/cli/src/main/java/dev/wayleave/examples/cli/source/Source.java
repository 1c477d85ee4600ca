package dev.wayleave.examples.cli.source;

/** Where a tailnet comes from. Every command that asks works on every source. */
public interface Source {

    /** Reads the tailnet as it is now. */
    Tailnet read();
}
