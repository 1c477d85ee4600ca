package dev.wayleave.examples.cli.source;

import java.time.Instant;

/** The tailnet of a control plane of another maker, by its API. It is only read. */
public interface ApiSource extends Source {

    /** Reads users, nodes and policy from the API. */
    ReportedTailnet reported();

    @Override
    default Tailnet read() {
        return reported().at(Instant.now());
    }
}
