package dev.wayleave.storage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LocationAwareLogger;

/**
 * A logger that never throws. The host's log may throw, and an exception may throw when it is printed; that must not
 * cost an answer, and there is no other place to report it. A record names the class that logs.
 */
final class QuietLog {

    private static final String NAME = QuietLog.class.getName();

    private final Logger logger;

    private QuietLog(Logger logger) {
        this.logger = logger;
    }

    static QuietLog of(Class<?> type) {
        return new QuietLog(LoggerFactory.getLogger(type));
    }

    void error(String message, Object... arguments) {
        log(Level.ERROR, message, arguments);
    }

    void warn(String message, Object... arguments) {
        log(Level.WARN, message, arguments);
    }

    void info(String message, Object... arguments) {
        log(Level.INFO, message, arguments);
    }

    void debug(String message, Object... arguments) {
        log(Level.DEBUG, message, arguments);
    }

    private void log(Level level, String message, Object[] arguments) {
        try {
            if (logger instanceof LocationAwareLogger locating) {
                locating.log(null, NAME, level.toInt(), message, arguments, null);
            } else {
                logger.atLevel(level).log(message, arguments);
            }
        } catch (Throwable e) {
            // nothing can be done, see the class
        }
    }
}
