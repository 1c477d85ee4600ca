package dev.wayleave.explanation;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the question whether traffic passes: yes, with the nodes that carry it and the rules that let it in;
 * no, with what is missing and the rules that come nearest; or, for a prefix, that a part of it is reachable. {@code
 * RoutingViews.can} makes it.
 *
 * <p>Reasons and notes may gain members in a minor version.
 */
public sealed interface Reachability extends NamedKind {

    /** {@return what was asked} */
    TrafficQuestion question();

    /** {@return what the tailnet knows about both ends of the traffic} */
    Endpoints endpoints();

    /** {@return further facts that an operator should know, in a fixed order} */
    List<Note> notes();

    /** {@return the ways that the traffic takes, by the longest match first; empty if none of it passes} */
    default List<Path> paths() {
        return List.of();
    }

    /** {@return what keeps the traffic from passing everywhere; empty exactly if it passes} */
    default List<Obstacle> missing() {
        return List.of();
    }

    /**
     * {@return the entries of the policy that come nearest to letting pass what does not; empty if the traffic passes}
     */
    default List<NearRule> near() {
        return List.of();
    }

    /** {@return the addresses of the destination to which the traffic passes} */
    AddressSet reachable();

    /**
     * Prints the answer.
     *
     * @param names how texts call nodes and entries of the policy
     * @return several lines, each ending in a line feed; the first begins with {@code yes}, {@code no} or
     *     {@code partly}
     */
    default String text(Names names) {
        Objects.requireNonNull(names, "names");
        return new ReachabilityText(names, endpoints()).of(this);
    }

    /** {@return whether the traffic passes to every address that was asked about: true for {@link Yes} only} */
    default boolean passes() {
        return this instanceof Yes;
    }

    /**
     * The facts that the tailnet has about both ends of the traffic.
     *
     * @param viewerAddresses the own addresses of the viewer
     * @param destinationNodeOrNull the node that has the destination as its own address; null if no node has
     */
    record Endpoints(
            List<IpAddress> viewerAddresses, @Nullable NodeId destinationNodeOrNull) {

        public Endpoints {
            viewerAddresses = Copies.list(viewerAddresses, "viewerAddresses");
        }

        /** {@return the node that has the destination as its own address} */
        public Optional<NodeId> destinationNode() {
            return Optional.ofNullable(destinationNodeOrNull);
        }
    }

    /**
     * The traffic passes to every address of the destination.
     *
     * @param question what was asked
     * @param endpoints what the tailnet knows about both ends
     * @param paths the ways that it takes, at least one
     * @param notes further facts that an operator should know
     */
    @Kind("yes")
    record Yes(TrafficQuestion question, Endpoints endpoints, List<Path> paths, List<Note> notes)
            implements Reachability {

        public Yes {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(endpoints, "endpoints");
            paths = Copies.list(paths, "paths");
            notes = Copies.list(notes, "notes");
        }

        @Override
        public AddressSet reachable() {
            return AddressSet.of(question.destination());
        }
    }

    /**
     * The traffic passes to some addresses of the prefix, and not to all.
     *
     * @param question what was asked
     * @param endpoints what the tailnet knows about both ends
     * @param reachable the addresses to which it passes
     * @param paths the ways that it takes, at least one
     * @param missing what keeps it from the other addresses, at least one reason
     * @param near the rules that come nearest to letting it pass to the other addresses
     * @param notes further facts that an operator should know
     */
    @Kind("partly")
    record Partly(
            TrafficQuestion question,
            Endpoints endpoints,
            AddressSet reachable,
            List<Path> paths,
            List<Obstacle> missing,
            List<NearRule> near,
            List<Note> notes)
            implements Reachability {

        public Partly {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(endpoints, "endpoints");
            Objects.requireNonNull(reachable, "reachable");
            paths = Copies.list(paths, "paths");
            missing = Copies.list(missing, "missing");
            near = Copies.list(near, "near");
            notes = Copies.list(notes, "notes");
        }
    }

    /**
     * The traffic passes to no address of the destination.
     *
     * @param question what was asked
     * @param endpoints what the tailnet knows about both ends
     * @param missing what keeps it, at least one reason
     * @param near the rules that come nearest to letting it pass
     * @param notes further facts that an operator should know
     */
    @Kind("no")
    record No(
            TrafficQuestion question,
            Endpoints endpoints,
            List<Obstacle> missing,
            List<NearRule> near,
            List<Note> notes)
            implements Reachability {

        public No {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(endpoints, "endpoints");
            missing = Copies.list(missing, "missing");
            near = Copies.list(near, "near");
            notes = Copies.list(notes, "notes");
        }

        @Override
        public AddressSet reachable() {
            return AddressSet.empty();
        }
    }

    /**
     * A way that traffic takes.
     *
     * @param hop where the viewer sends it
     * @param destinations the addresses to which it passes this way
     * @param rules the entries of the policy that let it in there, in order; empty where no packet filter is asked
     * @param open the traffic that they let in, in their order; more than the question asks for if that left protocol
     *     or port open
     */
    record Path(Hop hop, AddressSet destinations, SortedSet<RuleId> rules, List<Traffic> open) {

        public Path {
            Objects.requireNonNull(hop, "hop");
            Objects.requireNonNull(destinations, "destinations");
            rules = Copies.sortedSet(rules, "rules");
            open = Copies.list(open, "open");
        }
    }

    /** A fact beside the answer that an operator should know. */
    sealed interface Note extends NamedKind {

        /**
         * Prints the note.
         *
         * @param names how texts call nodes and entries of the policy
         * @param question the question
         * @return for example {@code berlin-a is offline}
         */
        String text(Names names, TrafficQuestion question);

        /** {@return what a list of notes puts before the text of this one, for example {@code note}} */
        default String title() {
            return "note";
        }
    }

    /**
     * A protocol of the other family was asked about; the question means a ping.
     *
     * @param asked the protocol that was asked about
     * @param meant the protocol that goes to the destination
     */
    @Kind("ping-of-family")
    record PingOfFamily(Protocol asked, Protocol meant) implements Note {
        public PingOfFamily {
            Objects.requireNonNull(asked, "asked");
            Objects.requireNonNull(meant, "meant");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "a ping of an " + QuestionText.family(question.destination()) + " address is " + meant + ", not "
                    + asked;
        }
    }

    /**
     * The destination is a 4via6 address.
     *
     * @param site the site, and the IPv4 addresses that it stands for
     */
    @Kind("maps-to-site")
    record MapsToSite(Via6 site) implements Note {
        public MapsToSite {
            Objects.requireNonNull(site, "site");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return question.destination() + " stands for " + QuestionText.site(site);
        }
    }

    /**
     * The IPv4 addresses that were asked about exist at a 4via6 site too, under another address.
     *
     * @param site the site and the IPv4 addresses; {@link Via6#toPrefix} is what to ask for
     * @param routers the nodes on which a route to it is effective, at least one
     */
    @Kind("exists-at-site")
    record ExistsAtSite(Via6 site, SortedSet<NodeId> routers) implements Note {
        public ExistsAtSite {
            Objects.requireNonNull(site, "site");
            routers = Copies.sortedSet(routers, "routers");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "site " + site.site() + " has " + QuestionText.prefix(site.ipv4()) + " too, behind "
                    + Texts.first(routers, names::node) + ": ask for "
                    + site.name().orElse(site.toPrefix().toString());
        }

        @Override
        public String title() {
            return "4via6";
        }
    }

    /**
     * The viewer sees exit nodes because a rule names this public destination, although a subnet route carries the
     * traffic.
     *
     * @param rule the first such rule
     * @param exitNodes the exit nodes that it shows
     */
    @Kind("exit-nodes-shown")
    record ExitNodesShown(RuleId rule, SortedSet<NodeId> exitNodes) implements Note {
        public ExitNodesShown {
            Objects.requireNonNull(rule, "rule");
            exitNodes = Copies.sortedSet(exitNodes, "exitNodes");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return names.node(question.viewer()) + " is also shown " + Texts.first(exitNodes, names::node)
                    + " as exit node, because " + rule.text(names)
                    + " opens a public destination; the subnet route, the longer match, goes first";
        }
    }

    /**
     * A node on the way is offline.
     *
     * @param node the node
     */
    @Kind("carrier-offline")
    record CarrierOffline(NodeId node) implements Note {
        public CarrierOffline {
            Objects.requireNonNull(node, "node");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return names.node(node) + " is offline";
        }

        @Override
        public String title() {
            return "but";
        }
    }
}
