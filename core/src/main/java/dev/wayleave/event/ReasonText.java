package dev.wayleave.event;

import dev.wayleave.approval.Approver;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parts of the texts of reasons. */
final class ReasonText {

    private ReasonText() {}

    /** The administrator whose word a reason is, and whom its text names. */
    static Optional<Actor> actor(Reason reason) {
        if (reason instanceof Reason.ByApproval given && given.approval().by() instanceof Approver.Administrator by) {
            return Optional.of(by.actor());
        }
        if (reason instanceof Reason.ByDenial denied) {
            return Optional.of(denied.denial().by());
        }
        return reason instanceof Reason.Revoked taken ? Optional.of(taken.by()) : Optional.empty();
    }

    static String owner(Owner owner) {
        if (owner instanceof Owner.OfUser user) {
            return "user `" + user.id() + "`";
        }
        return owner instanceof Owner.Tagged tagged ? Texts.first(tagged.tags(), tag -> "`" + tag + "`") : "";
    }

    /** Prints how a node lost its session. */
    static String loss(RouteEvent.NodeInGrace event, Names names, Instant lostAt) {
        String node = names.node(event.node());
        if (event.reason() instanceof Reason.SessionSilent silent) {
            return node + " was last heard at " + silent.lastHeard() + "; silent for "
                    + Duration.between(silent.lastHeard(), lostAt).toSeconds() + " s";
        }
        return event.reason() instanceof Reason.SessionDown
                ? "the session of " + node + " ended at " + lostAt
                : node + " lost its session at " + lostAt + ": "
                        + event.reason().text(names);
    }

    /** Prints seconds with their sign, as clients of NTP write it: {@code +3600 s}, {@code -0.75 s}. */
    static String seconds(Duration by) {
        String seconds = BigDecimal.valueOf(by.getSeconds())
                .add(BigDecimal.valueOf(by.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
        return (by.isNegative() ? "" : "+") + seconds + " s";
    }

    static String users(Reason.UsersChanged change) {
        return Stream.of(
                        users("added", change.added()),
                        users("changed", change.changed()),
                        users("removed", change.removed()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String users(String change, Collection<UserId> users) {
        return users.isEmpty() ? "" : change + ": " + Texts.first(users, user -> "`" + user + "`");
    }
}
