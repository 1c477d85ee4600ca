package dev.wayleave.policy;

import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.PolicyNotice.Code;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds the users, tags and hosts of a policy that match nothing in a tailnet. Where no user is known, none is missed;
 * where no node is known, no tag and no host.
 */
final class UnmatchedNames implements PolicyVisitor {

    private final Users users;
    private final Problems problems;
    private final boolean hasNodes;
    private final Set<Tag> tags = new TreeSet<>();
    private final PrefixTable<Boolean> addresses;
    private final NearestName nearestUser;
    private final NearestName nearestTag;
    private final NearestName nearestNode;

    /** Policies write the same texts again and again. */
    private final Map<Selector, String> nearest = new HashMap<>();

    private UnmatchedNames(Users users, Collection<Node> nodes, Collection<Prefix> prefixes, Problems problems) {
        this.users = users;
        this.problems = problems;
        this.hasNodes = !nodes.isEmpty();
        TreeMap<Prefix, Boolean> held = new TreeMap<>();
        prefixes.forEach(prefix -> held.put(prefix, true));
        for (Node node : nodes) {
            for (IpAddress address : node.addresses()) {
                held.put(address.toPrefix(), true);
            }
            if (node.owner() instanceof Owner.Tagged tagged) {
                tags.addAll(tagged.tags());
            }
        }
        this.addresses = PrefixTable.copyOf(held);
        this.nearestUser = new NearestName(
                users.all().stream().flatMap(UnmatchedNames::texts).toList());
        this.nearestTag = new NearestName(tags.stream().map(Tag::value).toList());
        this.nearestNode =
                new NearestName(nodes.stream().map(Node::name).sorted().toList());
    }

    private static Stream<String> texts(User user) {
        return Stream.concat(user.email().stream(), Stream.of(user.name() + "@"));
    }

    static List<PolicyNotice> in(
            RoutingPolicy policy, Users users, Collection<Node> nodes, Collection<Prefix> prefixes) {
        String text = policy.text();
        Problems problems = Problems.inText(text, PolicyLimits.OF_TAILNET);
        PolicyReader.visit(text, new UnmatchedNames(users, nodes, prefixes, problems));
        return problems.notices();
    }

    @Override
    public void selector(Selector selector, JsonValue.Path spot) {
        mention(selector, spot);
    }

    @Override
    public void mention(Selector selector, JsonValue.Path spot) {
        if (users.all().isEmpty()) {
            return;
        }
        if (selector instanceof Selector.UserName name
                && users.named(name.text()).isEmpty()) {
            String meant = nearest.computeIfAbsent(selector, key -> nearestUser.to(name.text()));
            problems.notice(
                    Code.UNMATCHED_NAME, spot, "user " + Quotes.quoted(name.text()) + " is not known here" + meant);
        } else if (isNobody(selector)) {
            problems.notice(
                    Code.UNMATCHED_NAME, spot, Quotes.quoted(selector.text()) + " names no user who is known here");
        }
    }

    /** A domain, a role, or the users who are shared in, if there is no such user. */
    private boolean isNobody(Selector selector) {
        boolean ofUsers = selector instanceof Selector.UserDomain
                || (selector instanceof Selector.Autogroup autogroup && autogroup.namesSomeUsers());
        return ofUsers && users.all().stream().noneMatch(selector::describes);
    }

    @Override
    public void tag(Tag tag, JsonValue.Path spot) {
        if (hasNodes && !tags.contains(tag)) {
            problems.notice(
                    Code.UNMATCHED_NAME,
                    spot,
                    "no node has the tag " + Quotes.quoted(tag.value()) + nearestTag.to(tag.value()));
        }
    }

    @Override
    public void host(String name, Prefix prefix, JsonValue.Path spot) {
        if (hasNodes && addresses.overlapping(prefix).isEmpty()) {
            problems.notice(
                    Code.UNMATCHED_NAME,
                    spot,
                    "host " + Quotes.quoted(name) + " is not an address of a node, and in no route: "
                            + Quotes.quoted(prefix.toString()) + nearestNode.to(name, "; there is a node "));
        }
    }
}
