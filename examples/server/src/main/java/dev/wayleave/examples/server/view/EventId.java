package dev.wayleave.examples.server.view;

import dev.wayleave.storage.EventPosition;
import dev.wayleave.storage.Revision;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of an event, {@code revision.ordinal}: its place in the store, the same in each process that serves the
 * tailnet.
 *
 * <p>An event that no store keeps is known only to its process. Its id is that of the stored event before it, with a
 * number more: {@code revision.ordinal.number}. To another process it means that stored event.
 *
 * @param stored the place of the event, or of the stored event before it
 * @param number 0 for a stored event
 */
public record EventId(EventPosition stored, long number) implements Comparable<EventId> {

    /** Before the first event. */
    public static final EventId START = new EventId(EventPosition.START, 0);

    /** After the last event. */
    public static final EventId END = new EventId(EventPosition.END, Long.MAX_VALUE);

    private static final Comparator<EventId> ORDER =
            Comparator.comparing(EventId::stored).thenComparingLong(EventId::number);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.(\\d{1,9})(?:\\.(\\d{1,18}))?");

    static EventId of(EventPosition stored) {
        return new EventId(stored, 0);
    }

    /** Reads an id as {@link #toString} writes it; {@code 0} is before the first event. */
    public static Optional<EventId> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(START);
        }
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        EventPosition stored =
                new EventPosition(new Revision(Long.parseLong(parts.group(1))), Integer.parseInt(parts.group(2)));
        return Optional.of(new EventId(stored, parts.group(3) == null ? 0 : Long.parseLong(parts.group(3))));
    }

    /** The id of the next event that no store keeps. */
    EventId nextUnstored() {
        return new EventId(stored, number + 1);
    }

    @Override
    public int compareTo(EventId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number == 0 ? stored.toString() : stored + "." + number;
    }
}
