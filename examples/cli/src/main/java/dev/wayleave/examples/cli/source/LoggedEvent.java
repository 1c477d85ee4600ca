package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.JsonOutput;
import java.util.Optional;

/**
 * One thing that happened, as a log has it.
 *
 * @param time when, as RFC 3339 has it
 * @param kind what kind of event
 * @param text what happened
 * @param reason why; may be empty
 * @param actor who asked for it
 * @param json everything about it, as one line for programs
 */
public record LoggedEvent(String time, String kind, String text, String reason, Optional<String> actor, String json) {

    /** An event of an answer of a server. */
    public static LoggedEvent of(Fields event, Json whole) {
        String kind = event.text("kind").orElse("");
        return new LoggedEvent(
                event.text("time").orElse(""),
                kind,
                event.text("text").orElse(kind),
                event.text("reason").orElse(""),
                event.text("actor"),
                JsonOutput.line(whole));
    }
}
