package dev.wayleave.storage.jdbc;

import java.util.ArrayList;
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
 */
final class Unserved {

    private final List<Mark> marks = new CopyOnWriteArrayList<>();

    /** A moment at which a router comes up or goes down, by the wall clock that the database has, too. */
    record Mark(long at, long router, boolean up) {}

    /**
     * A moment at which a prefix gets another primary.
     *
     * @param prefix the number of the prefix
     * @param router the primary from now on; 0 for none
     */
    record Carried(long at, long prefix, long router) {}

    /** The longest time for which a router was up and its prefix was carried by none that was. */
    record Spell(long prefix, long router, long from, long to) {
        long millis() {
            return to - from;
        }
    }

    void up(long router) {
        marks.add(new Mark(System.currentTimeMillis(), router, true));
    }

    /** Is called before the router does what ends its service. */
    void down(long router) {
        marks.add(new Mark(System.currentTimeMillis(), router, false));
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
     * @param prefixOf the number of the prefix of each router
     * @param end the moment
     */
    static @Nullable Spell longest(
            List<Mark> marks, List<Carried> carried, LongUnaryOperator prefixOf, long from, long end) {
        List<Moment> moments = new ArrayList<>();
        marks.forEach(mark -> moments.add(new Moment(mark.at(), prefixOf.applyAsLong(mark.router()), mark, null)));
        carried.forEach(change -> moments.add(new Moment(change.at(), change.prefix(), null, change)));
        moments.sort(Comparator.comparingLong(Moment::at));
        Map<Long, State> states = new HashMap<>();
        Spell longest = null;
        for (Moment moment : moments) {
            State state = states.computeIfAbsent(moment.prefix(), State::new);
            longest = longer(longest, state.at(moment, from));
        }
        for (State state : states.values()) {
            longest = longer(longest, state.at(new Moment(end, state.prefix, null, null), from));
        }
        return longest;
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
        private final Map<Long, Long> waiting = new TreeMap<>();
        private long primary;

        State(long prefix) {
            this.prefix = prefix;
        }

        /** The spells begin anew while the prefix is served: all routers that are up wait since that moment. */
        @Nullable
        Spell at(Moment moment, long from) {
            Spell longest = null;
            if (!waiting.containsKey(primary)) {
                for (Map.Entry<Long, Long> router : waiting.entrySet()) {
                    Spell spell = new Spell(
                            prefix, router.getKey(), Math.max(from, router.getValue()), Math.max(from, moment.at()));
                    longest = longer(longest, spell);
                }
            } else {
                waiting.replaceAll((router, since) -> moment.at());
            }
            Mark mark = moment.mark();
            if (mark != null && mark.up()) {
                waiting.putIfAbsent(mark.router(), moment.at());
            } else if (mark != null) {
                waiting.remove(mark.router());
            }
            if (moment.carried() != null) {
                primary = moment.carried().router();
            }
            return longest;
        }
    }
}
