package dev.wayleave.examples.server.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** The refusal of a request: a status, a sentence, and the faults in detail. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<Fault> faults;
    private final transient SortedMap<String, String> headers = new TreeMap<>();

    /**
     * One thing that is wrong.
     *
     * @param code what kind of thing
     * @param message a sentence in lower case
     * @param pathOrNull where in what was sent, as a path of names
     * @param lineOrNull the line in a text that was sent, from 1
     * @param columnOrNull the column in that line, from 1
     * @param prefixes the prefixes that are at fault
     */
    public record Fault(
            String code,
            String message,
            @Nullable String pathOrNull,
            @Nullable Integer lineOrNull,
            @Nullable Integer columnOrNull,
            List<String> prefixes) {

        /** Creates a fault that has no place. */
        public Fault(String code, String message) {
            this(code, message, null, null, null, List.of());
        }

        /** Creates a fault in a field of a body. */
        public Fault(String code, String message, String path) {
            this(code, message, path, null, null, List.of());
        }

        public Optional<String> path() {
            return Optional.ofNullable(pathOrNull);
        }
    }

    /** Creates an answer that is an error. The detail is in lower case, with what came from outside in backticks. */
    public ApiException(int status, String detail, List<Fault> faults) {
        super(detail, null, false, false);
        this.status = status;
        this.faults = List.copyOf(faults);
    }

    /** Creates an answer that is an error, without details. */
    public ApiException(int status, String detail) {
        this(status, detail, List.of());
    }

    /** The refusal of a request that cannot be read. */
    public static ApiException badRequest(String detail) {
        return new ApiException(400, detail);
    }

    /** The refusal of a request for something that does not exist. */
    public static ApiException notFound(String detail) {
        return new ApiException(404, detail);
    }

    /** The refusal of a request that cannot be answered now, and perhaps can in a few seconds. */
    public static ApiException unavailable(String detail) {
        return new ApiException(503, detail).with("Retry-After", "5");
    }

    /** Adds a header to the answer. */
    public ApiException with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** The status. */
    public int status() {
        return status;
    }

    /** A sentence for a person. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Everything that is wrong, if there is more than the sentence has. */
    public List<Fault> faults() {
        return faults;
    }

    /** Headers of the answer. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The standard words for the status. */
    public String title() {
        return HttpStatus.getMessage(status);
    }
}
