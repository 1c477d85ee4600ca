package dev.wayleave.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.sample.Sample;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tailnet that an operator deletes beneath a running server. */
class ChangedHistoryTest {

    private static final class Warnings extends Handler {

        private final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                records.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @TempDir
    private Path folder;

    @Test
    void aTailnetThatIsDeletedIsLoggedOnceHoweverMuchIsSubmitted() {
        Logger controllers = Logger.getLogger("dev.wayleave.storage");
        Warnings warnings = new Warnings();
        controllers.addHandler(warnings);
        try (TestServer server = TestServer.onSqlite(Limits.DEFAULT, folder)) {
            server.open();
            Main.store(server.database).delete(ControlPlane.TAILNET);

            Command change = new Command.SetSettings(ControlPlane.SETTINGS.toBuilder()
                    .grace(Duration.ofSeconds(1))
                    .build());
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> server.plane.submit(Sample.ACTOR, change))
                        .isInstanceOf(ApiException.class);
            }

            assertThat(warnings.records)
                    .extracting(LogRecord::getMessage)
                    .singleElement()
                    .asString()
                    .contains("another history", "deleted", "open another controller");
            assertThat(server.get("/healthz", "").status()).isEqualTo(503);
        } finally {
            controllers.removeHandler(warnings);
        }
    }
}
