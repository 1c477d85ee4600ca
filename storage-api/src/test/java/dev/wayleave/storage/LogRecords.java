package dev.wayleave.storage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the package logs while this is open. */
final class LogRecords extends Handler {

    private static final Logger LOGGER = Logger.getLogger("dev.wayleave.storage");

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Consumer<LogRecord> watching;

    private LogRecords(Consumer<LogRecord> watching) {
        this.watching = watching;
    }

    static LogRecords begin() {
        return begin(entry -> {});
    }

    /** With something to do at each record, which may throw. */
    static LogRecords begin(Consumer<LogRecord> watching) {
        LogRecords begun = new LogRecords(watching);
        LOGGER.addHandler(begun);
        return begun;
    }

    List<LogRecord> records() {
        return List.copyOf(records);
    }

    @Override
    public void publish(LogRecord entry) {
        records.add(entry);
        watching.accept(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
