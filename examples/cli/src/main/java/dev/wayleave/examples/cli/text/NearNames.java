package dev.wayleave.examples.cli.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The names nearest to one that was not found. */
public final class NearNames {

    private static final int AT_MOST = 3;

    private NearNames() {}

    /** Completes a message with the near names, or with all of them where they are few, or with nothing. */
    public static String hint(String typed, Collection<String> names) {
        List<String> near = near(typed, names);
        if (!near.isEmpty()) {
            return "; did you mean "
                    + near.stream().map(name -> "`" + name + "`").collect(Collectors.joining(" or ")) + "?";
        }
        if (names.isEmpty() || names.size() > 12) {
            return "";
        }
        return "; there are " + names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    static List<String> near(String typed, Collection<String> names) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        // `tag:` is in every tag, and makes none nearer
        int kind = wanted.indexOf(':') + 1;
        int farthest = Math.max(1, (wanted.length() - kind) / 3);
        return names.stream()
                .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= farthest
                        || (wanted.length() - kind > 2
                                && name.toLowerCase(Locale.ROOT).startsWith(wanted)))
                .sorted(Comparator.<String>comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(AT_MOST)
                .toList();
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int replaced = cost[i - 1][j - 1] + (same ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
