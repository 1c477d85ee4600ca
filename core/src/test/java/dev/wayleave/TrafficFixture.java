package dev.wayleave;

import dev.wayleave.access.RuleId;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.testing.Scenario;
import java.util.List;

/** A small tailnet, and questions about its traffic. */
abstract class TrafficFixture {

    final Scenario tailnet = Scenario.begin();

    TrafficFixture policy(String hujson) {
        tailnet.policy(hujson.replace('\'', '"'));
        return this;
    }

    /** A node of a user, or with a tag, with one address of each family that ends in its number. */
    TrafficFixture node(String name, String owner, String... routes) {
        int number = tailnet.state().nodes().size() + 1;
        return node(name, owner, List.of("100.64.0." + number, "fd7a:115c:a1e0::" + number), routes);
    }

    TrafficFixture node(String name, String owner, List<String> addresses, String... routes) {
        UserId user = new UserId(owner);
        boolean tagged = owner.startsWith("tag:");
        if (!tagged && tailnet.state().users().find(user).isEmpty()) {
            tailnet.user(owner);
        }
        tailnet.register(name, node -> {
                    node.owner(tagged ? Owner.tags(owner) : Owner.user(user));
                    addresses.stream().map(IpAddress::parse).forEach(node::address);
                })
                .connect(name);
        if (routes.length > 0) {
            tailnet.advertise(name, routes).approve(name, routes);
        }
        return this;
    }

    Reachability ask(TrafficQuestion question) {
        return RoutingViews.of(tailnet.state()).can(question).orElseThrow();
    }

    Reachability tcp(String viewer, String destination, int port) {
        return ask(TrafficQuestion.of(id(viewer), prefix(destination), Protocol.TCP, port));
    }

    NodeId id(String name) {
        return tailnet.id(name);
    }

    static Prefix prefix(String text) {
        return text.contains("/") ? Prefix.parse(text) : IpAddress.parse(text).toPrefix();
    }

    static RuleId grant(int index) {
        return new RuleId(RuleId.Section.GRANTS, index);
    }
}
