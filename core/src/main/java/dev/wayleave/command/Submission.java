package dev.wayleave.command;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NameRules;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A list of commands that one caller submits at once: commands that apply in their order, all or none.
 *
 * @param actor who hands it in
 * @param correlationIdOrNull the host's own text that it wants to see again in the events, at most 200 characters; null
 *     for none
 * @param commands in the order in which they apply
 */
public record Submission(Actor actor, @Nullable String correlationIdOrNull, List<Command> commands) {

    /**
     * Copies the commands.
     *
     * @throws IllegalArgumentException if the correlation id has a {@link NameRules#flaw}
     */
    public Submission {
        Objects.requireNonNull(actor, "actor");
        if (correlationIdOrNull != null) {
            NameRules.check("correlation id", correlationIdOrNull, NameRules.LONGEST_KEY);
        }
        commands = Copies.list(commands, "commands");
    }

    /** {@return the host's own text that it wants to see again in the events; empty if there is none} */
    public Optional<String> correlationId() {
        return Optional.ofNullable(correlationIdOrNull);
    }

    /**
     * Returns a submission without a correlation id.
     *
     * @param actor who hands it in
     * @param commands in the order in which they apply
     * @return the submission
     */
    public static Submission of(Actor actor, Command... commands) {
        Objects.requireNonNull(actor, "actor");
        return new Submission(actor, null, Copies.list(commands, "commands"));
    }
}
