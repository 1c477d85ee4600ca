package dev.wayleave.json.engine;

import dev.wayleave.net.StoredTextException;
import dev.wayleave.net.WayleaveException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A pair of functions that write and read the values of one type. Reading takes a tree of {@link Map}, {@link List},
 * {@link String}, {@link Long} and {@link Boolean}, and the place of the value in its document, for error messages.
 */
public interface Codec {

    void write(JsonGenerator json, Object value);

    /** Reads a value. Throws {@link StoredTextException} with the place if the tree is anything else. */
    Object read(String place, Object tree);

    /** {@return the value as the name of a member, if it is written as a text; see {@link #fromName}} */
    default Optional<String> toName(Object value) {
        return Optional.empty();
    }

    /** Reads a value back from the name of a member. */
    default Object fromName(String place, String name) {
        return read(place, name);
    }

    static StoredTextException refuse(String place, String problem, @Nullable Throwable cause) {
        String message = place + ": " + problem;
        return cause == null ? new StoredTextException(message) : new StoredTextException(message, cause);
    }

    static <T> T expect(Class<T> type, String place, Object tree, String expected) {
        if (!type.isInstance(tree)) {
            throw refuse(place, "`" + tree + "` is not " + expected, null);
        }
        return type.cast(tree);
    }

    /** Makes a value, and refuses with the place what the value itself refuses. */
    static <T> T guarded(String place, Object tree, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (StoredTextException e) {
            throw e;
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException | WayleaveException e) {
            throw refuse(place, "`" + tree + "` cannot be read: " + e.getMessage(), e);
        }
    }
}
