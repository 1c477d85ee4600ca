package dev.wayleave.json.engine;

import dev.wayleave.approval.Approval;
import dev.wayleave.approval.Approver;
import dev.wayleave.approval.Denial;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import dev.wayleave.row.Drain;
import dev.wayleave.row.NodeRow;
import dev.wayleave.row.RouteRow;
import java.time.Instant;
import java.util.Map;

/** Rows as JSON objects, and back. Absent fields are empty or false. */
public final class RowsText {

    private RowsText() {}

    public static Map<String, Object> user(User user) {
        return new Json.ObjectText()
                .with("id", user.id())
                .with("name", user.name())
                .with("email", user.email())
                .withIf(user.role() != Role.MEMBER, "role", user.role())
                .withIf(user.isSharedIn(), "sharedIn", true)
                .map();
    }

    public static User user(Json.Fields fields) {
        User.Builder builder = User.builder(fields.read("id", UserId::new), fields.required("name"));
        fields.text("email").ifPresent(builder::email);
        fields.readOptional("role", Role::valueOf).ifPresent(builder::role);
        builder.sharedIn(fields.flag("sharedIn"));
        fields.end();
        return builder.build();
    }

    public static Map<String, Object> facts(Node node) {
        Json.ObjectText text = new Json.ObjectText()
                .with("id", node.id().value())
                .withIf(!node.hostKey().equals(node.id().toString()), "hostKey", node.hostKey())
                .with("name", node.name());
        if (node.owner() instanceof Owner.OfUser owner) {
            text.with("user", owner.id());
        } else if (node.owner() instanceof Owner.Tagged tagged) {
            text.with("tags", tagged.tags());
        }
        return text.withIf(!node.addresses().isEmpty(), "addresses", node.addresses())
                .with("registeredAt", node.registeredAt())
                .with("keyExpiry", node.keyExpiry())
                .withIf(node.isEphemeral(), "ephemeral", true)
                .map();
    }

    public static Node facts(Json.Fields fields) {
        Owner owner = fields.has("user")
                ? Owner.user(fields.read("user", UserId::new))
                : Owner.tags(fields.readAll("tags", Tag::new));
        Node.Builder builder = Node.builder(new NodeId(fields.number("id")), fields.required("name"), owner);
        fields.text("hostKey").ifPresent(builder::hostKey);
        fields.readAll("addresses", IpAddress::parse).forEach(builder::address);
        builder.registeredAt(fields.instant("registeredAt"));
        builder.keyExpiry(fields.readOptional("keyExpiry", Instant::parse).orElse(null));
        builder.ephemeral(fields.flag("ephemeral"));
        fields.end();
        return builder.build();
    }

    public static Map<String, Object> node(NodeRow row) {
        return new Json.ObjectText()
                .with("facts", facts(row.facts()))
                .with(
                        "drain",
                        row.drain()
                                .map(drain -> new Json.ObjectText()
                                        .with("since", drain.since())
                                        .with("until", drain.until())
                                        .with("by", drain.by())
                                        .map()))
                .withIf(row.candidate(), "candidate", true)
                .map();
    }

    public static NodeRow node(Json.Fields fields) {
        Node facts = facts(fields.object("facts").orElseThrow(() -> fields.missing("facts")));
        Drain drain = fields.object("drain").map(RowsText::drain).orElse(null);
        NodeRow row = new NodeRow(facts, drain, fields.flag("candidate"));
        fields.end();
        return row;
    }

    private static Drain drain(Json.Fields fields) {
        Drain drain = new Drain(
                fields.instant("since"),
                fields.readOptional("until", Instant::parse).orElse(null),
                fields.read("by", Actor::new));
        fields.end();
        return drain;
    }

    public static Map<String, Object> route(RouteRow row) {
        Json.ObjectText text = new Json.ObjectText()
                .with("node", row.node().value())
                .with("prefix", row.prefix())
                .withIf(row.advertised(), "advertised", true);
        if (row.status() instanceof RouteRow.Approved approved) {
            text.with("approved", approval(approved.approval()));
        } else if (row.status() instanceof RouteRow.Denied denied) {
            text.with(
                    "denied",
                    new Json.ObjectText()
                            .with("by", denied.denial().by())
                            .with("at", denied.denial().at())
                            .map());
        } else if (row.status() instanceof RouteRow.Withdrawn lost) {
            text.with("withdrawn", approval(lost.approval()));
        }
        return text.withIf(row.primary(), "primary", true).map();
    }

    public static RouteRow route(Json.Fields fields) {
        RouteRow.Status status = new RouteRow.Undecided();
        if (fields.has("approved")) {
            status = new RouteRow.Approved(approval(fields.object("approved").orElseThrow()));
        } else if (fields.has("denied")) {
            Json.Fields denied = fields.object("denied").orElseThrow();
            status = new RouteRow.Denied(new Denial(denied.read("by", Actor::new), denied.instant("at")));
            denied.end();
        } else if (fields.has("withdrawn")) {
            status = new RouteRow.Withdrawn(approval(fields.object("withdrawn").orElseThrow()));
        }
        RouteRow row = new RouteRow(
                new NodeId(fields.number("node")),
                fields.read("prefix", Prefix::parse),
                fields.flag("advertised"),
                status,
                fields.flag("primary"));
        fields.end();
        return row;
    }

    private static Map<String, Object> approval(Approval approval) {
        Json.ObjectText text = new Json.ObjectText();
        Approver by = approval.by();
        if (by instanceof Approver.Administrator administrator) {
            text.with("by", administrator.actor());
        } else if (by instanceof Approver.RouteApprover approver) {
            text.with("key", approver.key())
                    .with("approver", approver.selector().text());
        } else if (by instanceof Approver.ExitNodeApprover approver) {
            text.with("approver", approver.selector().text());
        } else if (by instanceof Approver.Import source) {
            text.with("source", source.source());
        }
        return text.with("at", approval.at()).map();
    }

    private static Approval approval(Json.Fields fields) {
        Approver by;
        if (fields.has("by")) {
            by = new Approver.Administrator(fields.read("by", Actor::new));
        } else if (fields.has("source")) {
            by = fields.read("source", Approver.Import::new);
        } else {
            Selector selector = fields.read("approver", Selector::parse);
            by = fields.has("key")
                    ? new Approver.RouteApprover(fields.read("key", Prefix::parse), selector)
                    : new Approver.ExitNodeApprover(selector);
        }
        Approval approval = new Approval(by, fields.instant("at"));
        fields.end();
        return approval;
    }
}
