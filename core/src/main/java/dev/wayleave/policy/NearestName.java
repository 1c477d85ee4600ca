package dev.wayleave.policy;

import java.util.List;
import java.util.Locale;

/** Finds the name that was probably meant, by edit distance without regard to case; for one thread. */
final class NearestName {

    /** How many pairs of names are compared before the search is given up: a tailnet may have a million users. */
    private static final int MOST_COMPARISONS = 200_000;

    private final List<String> names;
    private int comparisons;

    NearestName(List<String> names) {
        this.names = names;
    }

    /** The words for the nearest name, or none if no name is near. */
    String to(String text) {
        return to(text, ": perhaps ");
    }

    String to(String text, String introduction) {
        String best = "";
        // the word before the colon is in every tag, and makes none nearer
        int least = Math.max(1, (text.length() - text.indexOf(':') - 1) / 3) + 1;
        for (String name : names) {
            if (Math.abs(name.length() - text.length()) >= least) {
                continue;
            }
            if (++comparisons > MOST_COMPARISONS) {
                return "";
            }
            int distance = distance(name.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : introduction + Quotes.quoted(best);
    }

    /** How many characters to insert, delete or replace (Levenshtein), row by row. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
