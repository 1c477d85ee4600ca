package dev.wayleave.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Words for people, built from values. */
public final class Texts {

    /** The number of values of a long list that a text names. */
    private static final int LISTED = 4;

    private static final int LONGEST_QUOTE = 80;

    private Texts() {}

    /**
     * Quotes a text for a message: texts come from outside and end in logs and terminals, where a line feed can lie.
     *
     * @param text any text
     * @return the text in backticks, cut after 80 characters; a character that is not printable ASCII, or would end the
     *     quote, is escaped
     */
    public static String quoted(String text) {
        StringBuilder quote = new StringBuilder("`");
        for (int i = 0; i < Math.min(text.length(), LONGEST_QUOTE); i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c <= '~' && c != '`';
            quote.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return quote + (text.length() <= LONGEST_QUOTE ? "`" : "...`");
    }

    /**
     * Lists values for a message.
     *
     * @param values the values
     * @return each in backticks, with commas between
     */
    public static String join(Collection<?> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }

    /**
     * Lists the first four values for a text, and counts the others.
     *
     * @param <T> the type of the values
     * @param values the values
     * @param text prints one of them
     * @return for example {@code a, b, c, d and 3 more}
     */
    public static <T> String first(Collection<T> values, Function<? super T, String> text) {
        return first(values, LISTED, text);
    }

    /**
     * Lists the first values for a text, and counts the others.
     *
     * @param <T> the type of the values
     * @param values the values
     * @param most how many it lists
     * @param text prints one of them
     * @return for example {@code a, b and 3 more}
     */
    public static <T> String first(Collection<T> values, int most, Function<? super T, String> text) {
        return first(values, most, values.size(), text);
    }

    /**
     * Lists the first of some values of which perhaps not all are at hand, and counts the others.
     *
     * @param <T> the type of the values
     * @param values the values that are at hand
     * @param most how many it lists
     * @param count how many values there are in all
     * @param text prints one of them
     * @return for example {@code a, b and 3 more}
     */
    public static <T> String first(Collection<T> values, int most, int count, Function<? super T, String> text) {
        int listed = Math.min(most, values.size());
        String first = values.stream().limit(listed).map(text).collect(Collectors.joining(", "));
        return count > listed ? first + " and " + (count - listed) + " more" : first;
    }

    /**
     * Prints a time for people: to the millisecond, as all times are that a state counts. Hosts may give finer ones.
     *
     * @param time a time
     * @return for example {@code 2026-01-01T00:00:00.123Z}
     */
    public static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /**
     * Prints a constant as formats spell it.
     *
     * @param constant the constant
     * @return its words in small letters with hyphens, for example {@code key-expired}
     */
    public static String hyphenated(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Prints a constant in small letters.
     *
     * @param constant the constant
     * @return its words, for example {@code key expired}
     */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
