package dev.wayleave.command;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NameRules;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one caller hands in at once: commands that apply in their order, all or none.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param actor who hands it in
 * @param correlationId the host's own text that it wants to see again in the events, at most 200 characters
 * @param commands in the order in which they apply
 */
public record Submission(Actor actor, Optional<String> correlationId, List<Command> commands) {

    /**
     * Copies the commands.
     *
     * @throws IllegalArgumentException if the correlation id has a {@link NameRules#flaw}
     */
    public Submission {
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(correlationId, "correlationId");
        correlationId.ifPresent(text -> NameRules.check("correlation id", text, NameRules.LONGEST_KEY));
        commands = Copies.list(commands, "commands");
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
        return new Submission(actor, Optional.empty(), Copies.list(commands, "commands"));
    }
}
