package dev.wayleave.json;

import dev.wayleave.command.Command;
import dev.wayleave.internal.json.Json;
import dev.wayleave.mesh.Health;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.policy.PolicyLimits;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Commands as JSON objects: the kind under {@code do}, and its fields. */
public final class CommandText {

    private static final Map<String, Function<Json.Fields, Command>> READERS = Map.ofEntries(
            Map.entry(
                    "users-replaced",
                    f -> new Command.SetUsers(Users.of(
                            f.objects("users").stream().map(RowsText::user).toList()))),
            Map.entry("node-registered", f -> new Command.RegisterNode(facts(f))),
            Map.entry("node-changed", f -> new Command.UpdateNode(facts(f))),
            Map.entry("node-removed", f -> new Command.RemoveNode(node(f))),
            Map.entry("routes-advertised", f -> new Command.AdvertiseRoutes(node(f), prefixes(f))),
            Map.entry("routes-approved", f -> new Command.SetApprovedRoutes(node(f), prefixes(f))),
            Map.entry("routes-revoked", f -> new Command.RevokeRoutes(node(f), prefixes(f))),
            Map.entry(
                    "approvals-imported", f -> new Command.ImportApprovals(node(f), prefixes(f), f.required("source"))),
            Map.entry("session-connected", f -> new Command.ConnectSession(node(f), session(f))),
            Map.entry("session-disconnected", f -> new Command.DisconnectSession(node(f), session(f))),
            Map.entry(
                    "keep-alive-heard",
                    f -> new Command.KeepAlive(node(f), session(f), f.readOptional("at", Instant::parse))),
            Map.entry("health-reported", CommandText::healthReported),
            Map.entry("policy-replaced", f -> new Command.SetPolicy(f.read("policy", CommandText::policy))),
            Map.entry(
                    "settings-changed", f -> new Command.SetSettings(f.readObject("settings", RoutingSettings::parse))),
            Map.entry(
                    "drain",
                    f -> new Command.DrainNode(node(f), f.readOptional("until", Instant::parse), f.flag("forced"))),
            Map.entry("step-clock", f -> new Command.StepClock(f.read("by", Duration::parse))),
            Map.entry("undrain", f -> new Command.UndrainNode(node(f))),
            Map.entry("time-passed", f -> new Command.PassTime()));

    private CommandText() {}

    public static Command read(Json.Fields fields) {
        String kind = fields.required("do");
        Function<Json.Fields, Command> reader = READERS.get(kind);
        if (reader == null) {
            throw new StoredTextException(fields.what() + ".do: `" + kind + "` is no command");
        }
        try {
            Command command = reader.apply(fields);
            fields.end();
            return command;
        } catch (IllegalArgumentException e) {
            throw new StoredTextException(fields.what() + ": " + e.getMessage(), e);
        }
    }

    private static Command healthReported(Json.Fields fields) {
        return new Command.ReportHealth(
                node(fields),
                fields.readOptional("prefix", Prefix::parse),
                fields.read("health", Health::valueOf),
                fields.readOptional("session", SessionId::new));
    }

    private static Node facts(Json.Fields fields) {
        return RowsText.facts(fields.object("facts").orElseThrow(() -> fields.missing("facts")));
    }

    private static NodeId node(Json.Fields fields) {
        return new NodeId(fields.number("node"));
    }

    private static SessionId session(Json.Fields fields) {
        return fields.read("session", SessionId::new);
    }

    private static List<Prefix> prefixes(Json.Fields fields) {
        return fields.readAll("prefixes", Prefix::parse);
    }

    public static Map<String, Object> map(Command command) {
        Json.ObjectText text = new Json.ObjectText();
        if (command instanceof Command.SetUsers replaced) {
            text.with("do", "users-replaced")
                    .with(
                            "users",
                            replaced.users().all().stream().map(RowsText::user).toList());
        } else if (command instanceof Command.RegisterNode registered) {
            text.with("do", "node-registered").with("facts", RowsText.facts(registered.facts()));
        } else if (command instanceof Command.UpdateNode changed) {
            text.with("do", "node-changed").with("facts", RowsText.facts(changed.facts()));
        } else if (command instanceof Command.SetPolicy replaced) {
            text.with("do", "policy-replaced").with("policy", replaced.policy().text());
        } else if (command instanceof Command.SetSettings changed) {
            text.with("do", "settings-changed")
                    .with("settings", new Json.Text(changed.settings().toString()));
        } else if (command instanceof Command.OfNode ofNode) {
            ofNode(text, ofNode);
        } else if (command instanceof Command.StepClock step) {
            text.with("do", "step-clock").with("by", step.by());
        } else {
            text.with("do", "time-passed");
        }
        return text.map();
    }

    private static void ofNode(Json.ObjectText text, Command.OfNode command) {
        long node = command.node().value();
        if (command instanceof Command.OfSession ofSession) {
            ofSession(text, ofSession);
        } else if (command instanceof Command.AdvertiseRoutes advertised) {
            routes(text, "routes-advertised", node, advertised.prefixes());
        } else if (command instanceof Command.SetApprovedRoutes approved) {
            routes(text, "routes-approved", node, approved.prefixes());
        } else if (command instanceof Command.RevokeRoutes revoked) {
            routes(text, "routes-revoked", node, revoked.prefixes());
        } else if (command instanceof Command.ImportApprovals imported) {
            routes(text, "approvals-imported", node, imported.prefixes());
            text.with("source", imported.source());
        } else if (command instanceof Command.ReportHealth report) {
            text.with("do", "health-reported")
                    .with("node", node)
                    .with("prefix", report.prefix())
                    .with("health", report.health())
                    .with("session", report.session());
        } else if (command instanceof Command.DrainNode drain) {
            text.with("do", "drain")
                    .with("node", node)
                    .with("until", drain.until())
                    .withIf(drain.forced(), "forced", true);
        } else {
            String kind = command instanceof Command.UndrainNode ? "undrain" : "node-removed";
            text.with("do", kind).with("node", node);
        }
    }

    private static void ofSession(Json.ObjectText text, Command.OfSession command) {
        Optional<Instant> at = Optional.empty();
        String kind = "session-disconnected";
        if (command instanceof Command.ConnectSession) {
            kind = "session-connected";
        } else if (command instanceof Command.KeepAlive heard) {
            kind = "keep-alive-heard";
            at = heard.at();
        }
        text.with("do", kind)
                .with("node", command.node().value())
                .with("session", command.session())
                .with("at", at);
    }

    private static void routes(Json.ObjectText text, String kind, long node, SortedSet<Prefix> prefixes) {
        text.with("do", kind).with("node", node).with("prefixes", prefixes);
    }

    /** What a policy may hold was decided when it was handed in; what is written down is read whatever it holds. */
    public static RoutingPolicy policy(String text) {
        return PolicyReader.read(text, PolicyLimits.NONE);
    }
}
