package dev.wayleave.policy;

import com.google.common.collect.ImmutableMap;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The lines on which the entries of a policy begin, each list in the order of the policy's values. */
final class PolicyLines {

    final int[] acls;
    final int[] grants;
    final ImmutableMap<Prefix, int[]> routeApprovers;
    final int[] exitNodeApprovers;
    final int[] tests;
    final int[] appConnectors;

    private PolicyLines(Places places, TextPositions positions) {
        this.acls = lines(places.acls, positions);
        this.grants = lines(places.grants, positions);
        ImmutableMap.Builder<Prefix, int[]> routes = ImmutableMap.builder();
        places.routeApprovers.forEach((prefix, approvers) -> routes.put(prefix, lines(approvers, positions)));
        this.routeApprovers = routes.buildOrThrow();
        this.exitNodeApprovers = lines(places.exitNodeApprovers, positions);
        this.tests = lines(places.tests, positions);
        this.appConnectors = lines(places.appConnectors, positions);
    }

    private static int[] lines(List<JsonValue.Path> spots, TextPositions positions) {
        return spots.stream().mapToInt(spot -> positions.line(spot.order())).toArray();
    }

    /** The line of one entry; empty if there is no such entry, or it was not read from a text. */
    static OptionalInt at(int[] lines, int index) {
        return index >= 0 && index < lines.length ? OptionalInt.of(lines[index]) : OptionalInt.empty();
    }

    /** The places of the entries, while a policy is read; for one thread. */
    static final class Places {

        final List<JsonValue.Path> acls = new ArrayList<>();
        final List<JsonValue.Path> grants = new ArrayList<>();
        final Map<Prefix, List<JsonValue.Path>> routeApprovers = new HashMap<>();
        final List<JsonValue.Path> exitNodeApprovers = new ArrayList<>();
        final List<JsonValue.Path> tests = new ArrayList<>();
        final List<JsonValue.Path> appConnectors = new ArrayList<>();

        PolicyLines lines(String text) {
            return new PolicyLines(this, TextPositions.of(text));
        }
    }
}
