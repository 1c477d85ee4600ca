package dev.wayleave.event;

import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parts of the texts of reasons. */
final class ReasonText {

    private ReasonText() {}

    static String owner(Owner owner) {
        if (owner instanceof Owner.OfUser user) {
            return "user `" + user.id() + "`";
        }
        return owner instanceof Owner.Tagged tagged ? Texts.first(tagged.tags(), tag -> "`" + tag + "`") : "";
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
