package dev.wayleave.storage.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * For how long a prefix had a router that was up, and no primary that was: the rows say which router is the primary,
 * and the routers themselves say when they are up – connected, healthy, and alive –, whatever any process believes.
 *
 * <p>A router that lost its session stays up, and its prefix is to be served. What the router itself wastes does not
 * count: the time until it asks for another session, and the time in which the process of the test did not run.
 *
 * <pre>
 *   up ──────── lost ─ ─ ─ ─ asks ──────── no answer ─── asks ──────── up
 *    counts         does not        counts, also while the router
 *                   count           tries one process after the other
 * </pre>
 */
final class Unserved {

    private final List<Mark> marks = new CopyOnWriteArrayList<>();

    /** What a router says of itself. */
    enum Said {
        UP,
        DOWN,
        /** It is up, and its session is over. */
        LOST,
        /** It asks for a session, for the first time since the last one was over. */
        ASKS
    }

    /** A moment at which a router says something, by the wall clock that the database has, too. */
    record Mark(long at, long router, Said said) {}

    /** A time in milliseconds of the wall clock. */
    record Span(long from, long to) {}

    /**
     * A moment at which a prefix gets another primary.
     *
     * @param prefix the number of the prefix
     * @param router the primary from now on; 0 for none
     */
    record Carried(long at, long prefix, long router) {}

    /**
     * The longest time for which a router was up and its prefix was carried by none that was.
     *
     * @param wasted how many milliseconds of it do not count
     */
    record Spell(long prefix, long router, long from, long to, long wasted) {
        long millis() {
            return to - from - wasted;
        }
    }

    void up(long router) {
        note(router, Said.UP);
    }

    /** Is called before the router does what ends its service. */
    void down(long router) {
        note(router, Said.DOWN);
    }

    void lost(long router) {
        note(router, Said.LOST);
    }

    void asks(long router) {
        note(router, Said.ASKS);
    }

    private void note(long router, Said said) {
        marks.add(new Mark(System.currentTimeMillis(), router, said));
    }

    /** {@return all marks so far} */
    List<Mark> marks() {
        return List.copyOf(marks);
    }

    /**
     * {@return the longest spell up to a moment; null if there is none}
     *
     * @param marks the routers
     * @param carried the primaries
     * @param pauses when the process of the routers did not run
     * @param prefixOf the number of the prefix of each router
     * @param end the moment
     */
    static @Nullable Spell longest(
            List<Mark> marks,
            List<Carried> carried,
            List<Span> pauses,
            LongUnaryOperator prefixOf,
            long from,
            long end) {
        List<Moment> moments = new ArrayList<>();
        marks.forEach(mark -> moments.add(new Moment(mark.at(), prefixOf.applyAsLong(mark.router()), mark, null)));
        carried.forEach(change -> moments.add(new Moment(change.at(), change.prefix(), null, change)));
        moments.sort(Comparator.comparingLong(Moment::at));
        Map<Long, List<Span>> wasted = wasted(marks, pauses, end);
        Map<Long, State> states = new HashMap<>();
        Spell longest = null;
        for (Moment moment : moments) {
            State state = states.computeIfAbsent(moment.prefix(), prefix -> new State(prefix, wasted));
            longest = longer(longest, state.at(moment, from));
        }
        for (State state : states.values()) {
            longest = longer(longest, state.at(new Moment(end, state.prefix, null, null), from));
        }
        return longest;
    }

    /** The times of each router that do not count. */
    private static Map<Long, List<Span>> wasted(List<Mark> marks, List<Span> pauses, long end) {
        Map<Long, List<Span>> wasted = new HashMap<>();
        Map<Long, Long> lost = new HashMap<>();
        for (Mark mark : marks) {
            List<Span> spans = wasted.computeIfAbsent(mark.router(), router -> new ArrayList<>(pauses));
            if (mark.said() == Said.LOST) {
                lost.putIfAbsent(mark.router(), mark.at());
            } else {
                Long since = lost.remove(mark.router());
                if (since != null) {
                    spans.add(new Span(since, mark.at()));
                }
            }
        }
        lost.forEach((router, since) -> wasted.get(router).add(new Span(since, end)));
        return wasted;
    }

    /** {@return how many milliseconds of a time are in at least one of the spans} */
    static long millis(Collection<Span> spans, long from, long to) {
        long covered = 0;
        long last = from;
        for (Span span :
                spans.stream().sorted(Comparator.comparingLong(Span::from)).toList()) {
            long begun = Math.max(last, span.from());
            long ended = Math.min(to, span.to());
            covered += Math.max(0, ended - begun);
            last = Math.max(last, ended);
        }
        return covered;
    }

    private static @Nullable Spell longer(@Nullable Spell one, @Nullable Spell other) {
        return one == null || (other != null && other.millis() > one.millis()) ? other : one;
    }

    private record Moment(
            long at,
            long prefix,
            @Nullable Mark mark,
            @Nullable Carried carried) {}

    /** One prefix: since when each of its routers is up while it is not served. */
    private static final class State {
        private final long prefix;
        private final Map<Long, List<Span>> wasted;
        private final Map<Long, Long> waiting = new TreeMap<>();
        private long primary;

        State(long prefix, Map<Long, List<Span>> wasted) {
            this.prefix = prefix;
            this.wasted = wasted;
        }

        /** The spells begin anew while the prefix is served: all routers that are up wait since that moment. */
        @Nullable
        Spell at(Moment moment, long from) {
            Spell longest = null;
            if (!waiting.containsKey(primary)) {
                for (Map.Entry<Long, Long> router : waiting.entrySet()) {
                    longest = longer(longest, spell(router.getKey(), router.getValue(), moment.at(), from));
                }
            } else {
                waiting.replaceAll((router, since) -> moment.at());
            }
            Mark mark = moment.mark();
            if (mark != null && mark.said() == Said.UP) {
                waiting.putIfAbsent(mark.router(), moment.at());
            } else if (mark != null && mark.said() == Said.DOWN) {
                waiting.remove(mark.router());
            }
            if (moment.carried() != null) {
                primary = moment.carried().router();
            }
            return longest;
        }

        private Spell spell(long router, long since, long until, long from) {
            long begun = Math.max(from, since);
            long ended = Math.max(from, until);
            return new Spell(
                    prefix, router, begun, ended, millis(wasted.getOrDefault(router, List.of()), begun, ended));
        }
    }
}
