package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The consequences that follow if some nodes go down together.
 *
 * <p>The nodes that go down and nodes that are offline already lose nothing, and are not viewers here.
 *
 * @param nodes the nodes that go down
 * @param unserved prefixes that no node could carry any more, and exit routes that no node could offer, in order
 * @param failovers prefixes that another node would carry, by prefix
 * @param losses routes that viewers would lose, by prefix, then node; a prefix that fails over and that some viewers
 *     may not use at the other node is in both lists
 */
public record Outage(SortedSet<NodeId> nodes, SortedSet<Prefix> unserved, List<Failover> failovers, List<Loss> losses) {

    public Outage {
        nodes = Copies.sortedSet(nodes, "nodes");
        unserved = Copies.sortedSet(unserved, "unserved");
        failovers = Copies.list(failovers, "failovers");
        losses = Copies.list(losses, "losses");
    }

    /** {@return whether no prefix becomes unserved or fails over, and no viewer loses a route} */
    public boolean isEmpty() {
        return unserved.isEmpty() && failovers.isEmpty() && losses.isEmpty();
    }

    /**
     * {@return what would follow: the prefixes that become unserved, the routes that viewers lose, then the prefixes
     * that fail over; empty exactly if {@link #isEmpty}}
     *
     * @param names how texts call nodes
     */
    public List<PlanLine> lines(Names names) {
        Objects.requireNonNull(names, "names");
        List<PlanLine> lines = new ArrayList<>();
        for (Prefix prefix : unserved) {
            String text = prefix.isExitRoute() ? "no exit node offers " + prefix : prefix + " is unserved";
            lines.add(new PlanLine(PlanLine.Kind.LOST, text));
        }
        losses.forEach(loss -> lines.add(new PlanLine(PlanLine.Kind.LOST, loss.text(names))));
        failovers.forEach(failover -> lines.add(new PlanLine(PlanLine.Kind.MOVED, failover.text(names))));
        return lines;
    }

    /** {@return how much is lost: for each lost route the number of viewers that lose it, in sum} */
    public long damage() {
        return losses.stream().mapToLong(loss -> loss.viewers().count()).sum();
    }

    /**
     * Some viewers: all are counted, and the first {@value #LISTED} are listed.
     *
     * @param count how many viewers there are
     * @param first the first of them, in order
     */
    public record Viewers(int count, SortedSet<NodeId> first) {

        /** The largest number of viewers that are listed. */
        public static final int LISTED = 20;

        /** No viewer. */
        public static final Viewers NONE = new Viewers(0, new TreeSet<>());

        public Viewers {
            first = Copies.sortedSet(first, "first");
        }

        /** Two sets of viewers that have none in common. */
        Viewers and(Viewers others) {
            SortedSet<NodeId> both = new TreeSet<>();
            Stream.concat(first.stream(), others.first.stream())
                    .sorted()
                    .limit(LISTED)
                    .forEach(both::add);
            return new Viewers(count + others.count, both);
        }
    }

    /**
     * A prefix that fails over: the tailnet's primary, or the carrier to which a grant with {@code via} leads viewers.
     *
     * @param prefix the subnet prefix
     * @param from the node that carries it now
     * @param to the node that would take over
     * @param viewers the viewers that would get it from there; possibly none
     */
    public record Failover(Prefix prefix, NodeId from, NodeId to, Viewers viewers) {

        public Failover {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(viewers, "viewers");
        }

        /**
         * Prints the failover.
         *
         * @param names how texts call nodes
         * @return for example {@code 10.0.0.0/8 fails over from berlin-a to berlin-b for laptop}
         */
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return prefix + " fails over from " + names.node(from) + " to " + names.node(to)
                    + (viewers.count() == 0 ? "" : " for " + PlanText.names(viewers, names));
        }
    }

    /**
     * A route that viewers lose.
     *
     * @param prefix the subnet or exit route
     * @param from the node that carries it for them now
     * @param viewers the viewers that lose it, at least one
     */
    public record Loss(Prefix prefix, NodeId from, Viewers viewers) {

        public Loss {
            Objects.requireNonNull(prefix, "prefix");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(viewers, "viewers");
        }

        /**
         * Prints the loss.
         *
         * @param names how texts call nodes
         * @return for example {@code 2 viewers lose 10.0.0.0/8 through berlin-a: laptop, phone}
         */
        public String text(Names names) {
            Objects.requireNonNull(names, "names");
            return viewers.count() + (viewers.count() == 1 ? " viewer loses " : " viewers lose ") + prefix + " through "
                    + names.node(from) + ": " + PlanText.names(viewers, names);
        }
    }
}
