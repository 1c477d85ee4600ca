package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An event of an event stream ({@code text/event-stream}).
 *
 * @param kind its name
 * @param data its text
 */
public record ServerEvent(String kind, String data) {

    /** The value in its text. */
    public JsonNode json() {
        try {
            return Documents.MAPPER.readTree(data);
        } catch (JacksonException malformed) {
            throw new BadInput("the server sent an event that is not JSON");
        }
    }

    /** Puts the lines of one stream together; for one thread at a time. */
    public static final class Lines {

        private String kind = "message";
        private final List<String> data = new ArrayList<>();

        /** Takes the next line; an event is complete with the empty line after it. */
        public Optional<ServerEvent> take(String line) {
            if (line.isEmpty()) {
                Optional<ServerEvent> complete =
                        data.isEmpty() ? Optional.empty() : Optional.of(new ServerEvent(kind, String.join("\n", data)));
                kind = "message";
                data.clear();
                return complete;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            if (field.equals("event")) {
                kind = value;
            } else if (field.equals("data")) {
                data.add(value);
            }
            return Optional.empty();
        }
    }
}
