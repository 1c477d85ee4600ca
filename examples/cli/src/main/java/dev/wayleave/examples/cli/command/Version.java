package dev.wayleave.examples.cli.command;

import picocli.CommandLine.IVersionProvider;

/** Prints the version that the build wrote into the jar. */
public final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "wayleave " + (version == null ? "(not built as a jar)" : version) + ", on Java "
                    + Runtime.version().feature()
        };
    }
}
