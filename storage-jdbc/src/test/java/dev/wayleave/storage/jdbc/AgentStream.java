package dev.wayleave.storage.jdbc;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes that one agent was sent on one connection, as it keeps them: which peer carries which prefix. A prefix
 * that gets a second carrier, or loses one that it does not have, is a contradiction.
 */
final class AgentStream {

    private final String agent;
    private final List<String> contradictions;

    /** Null until all routes were sent. */
    private @Nullable Map<String, String> carriers;

    /**
     * Begins a stream.
     *
     * @param agent who gets it, for contradictions
     * @param contradictions receives them; a list that several threads may add to
     */
    AgentStream(String agent, List<String> contradictions) {
        this.agent = agent;
        this.contradictions = contradictions;
    }

    /**
     * Takes what was sent.
     *
     * @param what {@code whole} or {@code changed}
     * @param routes {@code PREFIX@CARRIER} each; of a change {@code PREFIX@BEFORE@NOW}, with {@code -} for none
     */
    synchronized void hear(String what, String routes) {
        boolean isWhole = what.equals("whole");
        if (isWhole) {
            carriers = new TreeMap<>();
        }
        Map<String, String> known = carriers;
        if (known == null) {
            return; // all routes come after this
        }
        for (String route : routes.isEmpty() ? new String[0] : routes.split(" ")) {
            String[] parts = route.split("@");
            String before = isWhole ? "-" : parts[1];
            String now = parts[parts.length - 1];
            String had = now.equals("-") ? known.remove(parts[0]) : known.put(parts[0], now);
            if (!before.equals(had == null ? "-" : had)) {
                contradictions.add(
                        agent + " had " + parts[0] + " from " + had + ", and was sent " + what + " " + route);
            }
        }
    }

    /** {@return the carrier of each prefix; null before all routes were sent} */
    synchronized @Nullable Map<String, String> carriers() {
        return carriers == null ? null : Map.copyOf(carriers);
    }
}
