package dev.wayleave.examples.server.view;

import dev.wayleave.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The prefixes that had a primary and have none now, from the events. A prefix whose approval was revoked, or whose
 * node was removed, is in no state any more, and its viewers miss it all the same. Used under the lock of the log.
 */
final class LostPrefixes {

    /** The time for which a prefix that is no longer offered counts as lost: after it, the removal was meant. */
    static final Duration REMEMBERED = Duration.ofDays(1);

    private final SortedMap<Prefix, EventLog.Entry> lost = new TreeMap<>();

    /** Takes the next event. */
    void add(EventLog.Entry entry) {
        if (entry.prefix().isEmpty()) {
            return;
        }
        Prefix prefix = entry.prefix().get();
        switch (entry.kind()) {
            case "prefix-unserved" -> {
                // without a primary before, it never served
                if (entry.from().isPresent()) {
                    lost.put(prefix, entry);
                }
            }
            case "primary-elected", "primary-moved", "primary-kept" -> lost.remove(prefix);
            default -> {}
        }
    }

    /** The events that took the last primary away, in the order of their prefixes. */
    List<EventLog.Entry> at(Instant now) {
        Instant oldest = now.minus(REMEMBERED);
        lost.values().removeIf(entry -> entry.time().isBefore(oldest));
        return List.copyOf(lost.values());
    }
}
