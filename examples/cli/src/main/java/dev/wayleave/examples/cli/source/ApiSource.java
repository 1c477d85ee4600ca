package dev.wayleave.examples.cli.source;

import java.time.Duration;
import java.time.Instant;

/** The tailnet of a control plane of another maker, by its API. It is only read. */
public interface ApiSource extends Source {

    /** How long one answer may take, if nothing else is said. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** Asks for everything that the API tells. */
    ReportedTailnet reported();

    @Override
    default Tailnet read() {
        return reported().at(Instant.now());
    }
}
