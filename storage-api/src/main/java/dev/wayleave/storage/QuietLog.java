package dev.wayleave.storage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logger that throws nothing. The host's log may fail, and an exception may fail when it is printed; there is no other
 * place to say so, and no answer may be lost by it.
 */
final class QuietLog {

    private final Logger logger;

    private QuietLog(Logger logger) {
        this.logger = logger;
    }

    static QuietLog of(Class<?> type) {
        return new QuietLog(LoggerFactory.getLogger(type));
    }

    void error(String message, Object... arguments) {
        quietly(() -> logger.error(message, arguments));
    }

    void warn(String message, Object... arguments) {
        quietly(() -> logger.warn(message, arguments));
    }

    void info(String message, Object... arguments) {
        quietly(() -> logger.info(message, arguments));
    }

    void debug(String message, Object... arguments) {
        quietly(() -> logger.debug(message, arguments));
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            // see above
        }
    }
}
