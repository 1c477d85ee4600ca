package dev.wayleave.foresight;

import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Traffic;
import dev.wayleave.settings.RoutingSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The difference between what two policies allow, in any tailnet: who reaches what, and whose routes are approved.
 *
 * <p>Rules only ever allow, so that policies are compared as sets, and no tailnet is needed: two policies whose
 * difference is empty allow the same in every tailnet, however they are written, and each difference is real in some
 * tailnet. The order of rules, names of groups and hosts, how rules are split, and comments make no difference.
 *
 * @param access who reaches what under one of the policies only; what is lost comes first
 * @param approvals whose routes one of the policies approves only; what is lost comes first
 * @param notCompared the sections that differ and that do not concern access or approvals, for example
 *     {@code tagOwners}
 */
public record PolicyDifference(List<Access> access, List<Approval> approvals, SortedSet<String> notCompared) {

    /** How many entries of a policy a reason names. */
    private static final int CAUSES = 4;

    public PolicyDifference {
        access = Copies.list(access, "access");
        approvals = Copies.list(approvals, "approvals");
        notCompared = Copies.sortedSet(notCompared, "notCompared");
    }

    /**
     * Compares two policies under the default settings.
     *
     * @param before the policy as it is
     * @param after the policy as it would be
     * @return what {@link #of(RoutingPolicy, RoutingPolicy, RoutingSettings)} returns
     */
    public static PolicyDifference of(RoutingPolicy before, RoutingPolicy after) {
        return of(before, after, RoutingSettings.DEFAULT);
    }

    /**
     * Compares two policies. {@code O(p · q)} for {@code p} kinds of senders and {@code q} kinds of destinations that
     * changed rules concern: users, tags, and the intervals between the prefixes that the policies name.
     *
     * @param before the policy as it is
     * @param after the policy as it would be
     * @param settings the settings of the tailnet: its own ranges, and what shows an exit node
     * @return the differences, in an order that depends only on the two policies
     */
    public static PolicyDifference of(RoutingPolicy before, RoutingPolicy after, RoutingSettings settings) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(settings, "settings");
        return new PolicyComparison(before, after, settings).difference();
    }

    /** {@return whether the policies allow the same in every tailnet} */
    public boolean isEmpty() {
        return access.isEmpty() && approvals.isEmpty();
    }

    /** {@return whether the second policy allows less in some tailnet} */
    public boolean losesAnything() {
        return access.stream().anyMatch(each -> !each.isGain())
                || approvals.stream().anyMatch(each -> !each.isGain());
    }

    private static String which(boolean second, List<Cause> causes) {
        return which(second, "", causes);
    }

    /** The policy and its entries, for example {@code old policy: grants[0], line 12 and grants[3], line 20}. */
    private static String which(boolean second, String what, List<Cause> causes) {
        String entries = causes.stream().limit(CAUSES).map(Cause::text).collect(Collectors.joining(" and "));
        return (second ? "new policy: " : "old policy: ")
                + what
                + entries
                + (causes.size() > CAUSES ? " and " + (causes.size() - CAUSES) + " more" : "");
    }

    private static String list(Collection<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /**
     * An entry of a policy that allows something.
     *
     * @param entry its path, for example {@code grants[3]} or {@code autoApprovers.exitNode}
     * @param lineOrNull its line in the text of the policy; null for a policy that has no rules, and so allows
     *     everything
     */
    public record Cause(String entry, @Nullable Integer lineOrNull) {

        public Cause {
            Objects.requireNonNull(entry, "entry");
        }

        /** {@return the line in the text of the policy, from 1; empty for a policy without rules} */
        public OptionalInt line() {
            return lineOrNull == null ? OptionalInt.empty() : OptionalInt.of(lineOrNull);
        }

        /** {@return path and line, for example {@code grants[3], line 14}, or that the policy has no rules} */
        public String text() {
            return lineOrNull == null ? "it has no rules, so that all traffic is allowed" : toString();
        }

        /** {@return path and line, for example {@code grants[3], line 14}} */
        @Override
        public String toString() {
            return lineOrNull == null ? entry : entry + ", line " + lineOrNull;
        }
    }

    /** The subject of a difference beside traffic and capabilities. */
    public enum Effect {
        /** The nodes see each other. */
        PEERS("the nodes see each other"),
        /** The viewer gets the subnet route. */
        ROUTE("the sender gets the route"),
        /**
         * The rule is for the whole internet, and not only for parts that make it up: with {@code via} it keeps the
         * viewer away from other exit nodes, without it shows them again.
         */
        EXIT_NODE_CHOICE("which exit nodes the sender may choose"),
        /** All ports of the node are open, which opens the internet if it is an exit node. */
        EXIT_NODE("the internet, if the node is an exit node");

        private final String text;

        Effect(String text) {
            this.text = text;
        }

        /** {@return the effect, for example {@code the sender gets the route}} */
        public String text() {
            return text;
        }
    }

    /** The place of an address, in the tailnet or outside. */
    public enum Place {
        /** It is the own address of a node. */
        NODE,
        /** It is behind a subnet router. */
        BEHIND_ROUTER,
        /** It is in the internet, through an exit node. */
        BEHIND_EXIT_NODE,
        /** It is neither a node's nor behind a router. */
        OUTSIDE
    }

    /**
     * One end of an example.
     *
     * @param place where the address is
     * @param address the address
     * @param userOrNull whose node it is, or null: for tagged nodes, for addresses behind routers, and for a node of a
     *     user whom the tailnet does not know
     * @param tags the tags of the node, or of the router or exit node; empty for none
     */
    public record Party(
            Place place, IpAddress address, @Nullable User userOrNull, SortedSet<Tag> tags) {

        public Party {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(address, "address");
            tags = Copies.sortedSet(tags, "tags");
        }

        /**
         * {@return whose node it is; empty for tagged nodes, for addresses behind routers, and for a node of a user
         * whom the tailnet does not know}
         */
        public Optional<User> user() {
            return Optional.ofNullable(userOrNull);
        }

        /**
         * {@return the end of the example, for example {@code ann@example.com (admin) at 100.64.0.1} or {@code 10.1.0.1
         * behind a router with tag:berlin}}
         */
        public String text() {
            return switch (place) {
                case NODE -> ownerText().orElse("a node") + " at " + address;
                case BEHIND_ROUTER -> address + " behind a router" + withTags();
                case BEHIND_EXIT_NODE -> address + " through an exit node" + withTags();
                case OUTSIDE -> address + " outside of the tailnet";
            };
        }

        private String withTags() {
            return tags.isEmpty() ? "" : " with " + list(tags);
        }

        /**
         * {@return the owner of the node: its tags, or its user, for example {@code ann@example.com (admin)}; empty for
         * a node of a user whom the tailnet does not know, and for addresses that are no node's}
         */
        public Optional<String> ownerText() {
            if (place != Place.NODE) {
                return Optional.empty();
            }
            return tags.isEmpty() ? user().map(Party::text) : Optional.of(list(tags));
        }

        private static String text(User user) {
            return user.email().orElse(user.name() + "@")
                    + (user.role() == Role.MEMBER ? "" : " (" + Texts.hyphenated(user.role()) + ")")
                    + (user.isSharedIn() ? " (shared in)" : "");
        }
    }

    /**
     * A sender and a destination for which the two policies differ, in a tailnet that has no more than these.
     *
     * @param source who sends
     * @param destination where to
     * @param protocolOrNull a protocol that passes under one policy only; null if the difference is about none
     * @param port a port of it; 0 for a protocol without ports
     */
    public record Example(
            Party source, Party destination, @Nullable Protocol protocolOrNull, int port) {

        public Example {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(destination, "destination");
        }

        /** {@return a protocol that passes under one policy only; empty if the difference is about none} */
        public Optional<Protocol> protocol() {
            return Optional.ofNullable(protocolOrNull);
        }

        /** {@return for example {@code ann@example.com at 100.64.0.1 → 10.1.0.1 behind a router, tcp:22}} */
        public String text() {
            String flow = protocolOrNull == null ? "" : ", " + protocolOrNull + (port == 0 ? "" : ":" + port);
            return source.text() + " → " + destination.text() + flow;
        }
    }

    /**
     * Senders that reach destinations under one of the policies only, all in the same way.
     *
     * @param isGain true if they do under the second policy, false if under the first
     * @param sources the senders, as policies name them, or in words where no selector names only them
     * @param destinations the destinations, likewise; with {@code via} the routers
     * @param traffic what passes
     * @param capabilities the application capabilities, each by name and parameters
     * @param effects further changes: other nodes and routes that are seen are named only where no traffic and no
     *     capability changes
     * @param causes the entries of the policy that allows it
     * @param others the entries of the other policy that let the senders reach the destinations in other ways
     * @param example one sender and one destination
     */
    public record Access(
            boolean isGain,
            List<String> sources,
            List<String> destinations,
            List<Traffic> traffic,
            List<String> capabilities,
            SortedSet<Effect> effects,
            List<Cause> causes,
            List<Cause> others,
            Example example) {

        public Access {
            sources = Copies.list(sources, "sources");
            destinations = Copies.list(destinations, "destinations");
            traffic = Copies.list(traffic, "traffic");
            capabilities = Copies.list(capabilities, "capabilities");
            effects = Copies.sortedSet(effects, "effects");
            causes = Copies.list(causes, "causes");
            others = Copies.list(others, "others");
            Objects.requireNonNull(example, "example");
        }

        /** {@return who reaches what, for example {@code group:dev → 10.1.0.0/16  tcp:22}} */
        public String text() {
            List<String> what = new ArrayList<>();
            traffic.forEach(each -> what.add(each.toString()));
            what.addAll(capabilities);
            effects.forEach(effect -> what.add("(" + effect.text() + ")"));
            return list(sources) + " → " + list(destinations) + "  " + list(what);
        }

        /**
         * {@return which entries of the policy allow it, then, if there are any, which entries of the other policy let
         * the senders reach the destinations in other ways}
         */
        public List<String> reasons() {
            String allowing = which(isGain, causes);
            return others.isEmpty()
                    ? List.of(allowing)
                    : List.of(allowing, which(!isGain, "only other access: ", others));
        }
    }

    /**
     * Nodes whose routes one of the policies approves only.
     *
     * @param isGain true if the second policy does, false if the first does
     * @param prefixes these prefixes and all subnet routes in them; empty for exit routes
     * @param except but not these and the routes in them
     * @param owners whose nodes, as policies name them
     * @param causes the entries of the policy that approves, for the first of the prefixes
     * @param exampleOwnerOrNull a user whose node gets the approval; null for a tagged node
     * @param exampleTagOrNull the tag of such a node; null for a user's
     * @param examplePrefix one such route
     */
    public record Approval(
            boolean isGain,
            List<Prefix> prefixes,
            List<Prefix> except,
            List<String> owners,
            List<Cause> causes,
            @Nullable User exampleOwnerOrNull,
            @Nullable Tag exampleTagOrNull,
            Prefix examplePrefix) {

        public Approval {
            prefixes = Copies.list(prefixes, "prefixes");
            except = Copies.list(except, "except");
            owners = Copies.list(owners, "owners");
            causes = Copies.list(causes, "causes");
            Objects.requireNonNull(examplePrefix, "examplePrefix");
        }

        /** {@return a user whose node gets the approval; empty for a tagged node} */
        public Optional<User> exampleOwner() {
            return Optional.ofNullable(exampleOwnerOrNull);
        }

        /** {@return the tag of such a node; empty for a user's} */
        public Optional<Tag> exampleTag() {
            return Optional.ofNullable(exampleTagOrNull);
        }

        /** {@return whose routes, for example {@code auto-approved on nodes of tag:lab: 10.99.0.0/16 and subnets}} */
        public String text() {
            String routes = prefixes.isEmpty()
                    ? "exit routes"
                    : list(prefixes) + " and subnets"
                            + (except.isEmpty() ? "" : ", except " + list(except) + " and subnets");
            return "auto-approved on nodes of " + list(owners) + ": " + routes;
        }

        /** {@return which entries of the policy approve; for a loss also that approvals in force stay} */
        public List<String> reasons() {
            String approving = which(isGain, causes);
            return isGain ? List.of(approving) : List.of(approving, "what is approved already stays approved");
        }
    }
}
