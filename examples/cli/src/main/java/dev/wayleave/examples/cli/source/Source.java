package dev.wayleave.examples.cli.source;

/** A place from which a tailnet is read. Every command that asks works on every source. */
public interface Source {

    /** Reads the tailnet as it is now. */
    Tailnet read();

    /** A policy that a plan puts in place of the one in force: without what the source leaves out of that one. */
    default PolicyText planned(PolicyText policy) {
        return policy;
    }
}
