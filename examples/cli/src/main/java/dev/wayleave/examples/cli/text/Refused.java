package dev.wayleave.examples.cli.text;

import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The server said no. */
public final class Refused extends BadInput {

    private static final long serialVersionUID = 1L;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final int status;
    private final transient List<Problem> problems;

    public Refused(int status, String message, List<Problem> problems) {
        super(message);
        this.status = status;
        this.problems = List.copyOf(problems);
    }

    /**
     * One of the reasons.
     *
     * @param code what kind of reason it is; may be empty
     * @param line in a policy, from 1; 0 where it has no place
     * @param column in that line, from 1; 0 where it has no place
     * @param message what is wrong
     */
    public record Problem(String code, int line, int column, String message) {

        public static Problem of(Fields fields) {
            return new Problem(
                    fields.text("code").orElse(""),
                    fields.number("line").orElse(0),
                    fields.number("column").orElse(0),
                    fields.text("message").orElse("the server gave no reason"));
        }

        /** The same way as a server writes it. */
        public void write(JsonGenerator json) {
            json.writeStartObject();
            json.writeStringProperty("code", code);
            json.writeStringProperty("message", message);
            if (line == 0) {
                json.writeNullProperty("line");
                json.writeNullProperty("column");
            } else {
                json.writeNumberProperty("line", line);
                json.writeNumberProperty("column", column);
            }
            json.writeEndObject();
        }

        /** The form in which compilers write positions. */
        public String in(SourceText source) {
            return line == 0
                    ? Printable.line(source.name() + ": " + message)
                    : source.at(new Json.Place(0, line, column), message);
        }
    }

    /** Whether the same may be asked again later. */
    public boolean mayPass() {
        return status == TOO_MANY || status >= SERVER_ERROR;
    }

    public int status() {
        return status;
    }

    public List<Problem> problems() {
        return problems;
    }
}
