package dev.wayleave.json.engine;

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
import java.util.function.Function;

/** Commands as JSON objects: the kind under {@code do}, and its fields. */
public final class CommandText {

    private static final Map<String, Function<Json.Fields, Command>> READERS = Map.ofEntries(
            Map.entry(
                    "set-users",
                    f -> new Command.SetUsers(Users.of(
                            f.objects("users").stream().map(RowsText::user).toList()))),
            Map.entry("register-node", f -> new Command.RegisterNode(facts(f))),
            Map.entry("update-node", f -> new Command.UpdateNode(facts(f))),
            Map.entry("remove-node", f -> new Command.RemoveNode(node(f))),
            Map.entry("advertise-routes", f -> new Command.AdvertiseRoutes(node(f), prefixes(f))),
            Map.entry("set-approved-routes", f -> new Command.SetApprovedRoutes(node(f), prefixes(f))),
            Map.entry("approve-routes", f -> new Command.ApproveRoutes(node(f), prefixes(f))),
            Map.entry("revoke-routes", f -> new Command.RevokeRoutes(node(f), prefixes(f))),
            Map.entry("import-approvals", f -> new Command.ImportApprovals(node(f), prefixes(f), f.required("source"))),
            Map.entry("connect-session", f -> new Command.ConnectSession(node(f), session(f))),
            Map.entry("disconnect-session", f -> new Command.DisconnectSession(node(f), session(f))),
            Map.entry(
                    "keep-alive",
                    f -> new Command.KeepAlive(
                            node(f),
                            session(f),
                            f.readOptional("at", Instant::parse).orElse(null))),
            Map.entry("report-health", CommandText::reportHealth),
            Map.entry("set-policy", f -> new Command.SetPolicy(f.read("policy", CommandText::policy))),
            Map.entry("set-settings", f -> new Command.SetSettings(f.readObject("settings", RoutingSettings::parse))),
            Map.entry(
                    "drain-node",
                    f -> new Command.DrainNode(
                            node(f), f.readOptional("until", Instant::parse).orElse(null), f.flag("forced"))),
            Map.entry("step-clock", f -> new Command.StepClock(f.read("by", Duration::parse))),
            Map.entry("undrain-node", f -> new Command.UndrainNode(node(f))),
            Map.entry("pass-time", f -> new Command.PassTime()));

    /** The names of format 1, which was written until commands became imperative, and those of today. */
    private static final Map<String, String> FORMAT_1 = Map.ofEntries(
            Map.entry("users-replaced", "set-users"),
            Map.entry("node-registered", "register-node"),
            Map.entry("node-changed", "update-node"),
            Map.entry("node-removed", "remove-node"),
            Map.entry("routes-advertised", "advertise-routes"),
            Map.entry("routes-approved", "set-approved-routes"),
            Map.entry("routes-revoked", "revoke-routes"),
            Map.entry("approvals-imported", "import-approvals"),
            Map.entry("session-connected", "connect-session"),
            Map.entry("session-disconnected", "disconnect-session"),
            Map.entry("keep-alive-heard", "keep-alive"),
            Map.entry("health-reported", "report-health"),
            Map.entry("policy-replaced", "set-policy"),
            Map.entry("settings-changed", "set-settings"),
            Map.entry("drain", "drain-node"),
            Map.entry("undrain", "undrain-node"),
            Map.entry("time-passed", "pass-time"),
            Map.entry("step-clock", "step-clock"));

    private CommandText() {}

    /** Reads a command of the newest format. */
    public static Command read(Json.Fields fields) {
        return read(fields, fields.required("do"));
    }

    /** Reads a command of format 1. */
    public static Command readFormat1(Json.Fields fields) {
        String kind = fields.required("do");
        return read(fields, FORMAT_1.getOrDefault(kind, ""));
    }

    private static Command read(Json.Fields fields, String name) {
        String kind = fields.required("do");
        Function<Json.Fields, Command> reader = READERS.get(name);
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

    private static Command reportHealth(Json.Fields fields) {
        return new Command.ReportHealth(
                node(fields),
                fields.readOptional("prefix", Prefix::parse).orElse(null),
                fields.read("health", Health::valueOf),
                fields.readOptional("session", SessionId::new).orElse(null));
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

    /** The fields of a command, under {@code do} its kind. */
    public static Map<String, Object> map(Command command) {
        Json.ObjectText text = new Json.ObjectText().with("do", command.kind());
        if (command instanceof Command.SetUsers set) {
            text.with("users", set.users().all().stream().map(RowsText::user).toList());
        } else if (command instanceof Command.RegisterNode register) {
            text.with("facts", RowsText.facts(register.facts()));
        } else if (command instanceof Command.UpdateNode update) {
            text.with("facts", RowsText.facts(update.facts()));
        } else if (command instanceof Command.SetPolicy set) {
            text.with("policy", set.policy().text());
        } else if (command instanceof Command.SetSettings set) {
            text.with("settings", new Json.Text(set.settings().toJson()));
        } else if (command instanceof Command.StepClock step) {
            text.with("by", step.by());
        } else if (command instanceof Command.OfNode ofNode) {
            ofNode(text.with("node", ofNode.node().value()), ofNode);
        }
        return text.map();
    }

    private static void ofNode(Json.ObjectText text, Command.OfNode command) {
        if (command instanceof Command.OfSession ofSession) {
            text.with("session", ofSession.session());
            if (ofSession instanceof Command.KeepAlive keepAlive) {
                text.with("at", keepAlive.at());
            }
        } else if (command instanceof Command.OfRoutes ofRoutes) {
            text.with("prefixes", ofRoutes.prefixes());
            if (ofRoutes instanceof Command.ImportApprovals imported) {
                text.with("source", imported.source());
            }
        } else if (command instanceof Command.ReportHealth report) {
            text.with("prefix", report.prefix()).with("health", report.health()).with("session", report.session());
        } else if (command instanceof Command.DrainNode drain) {
            text.with("until", drain.until()).withIf(drain.forced(), "forced", true);
        }
    }

    /** What a policy may hold was decided when it was handed in; what is written down is read whatever it holds. */
    public static RoutingPolicy policy(String text) {
        return PolicyReader.read(text, PolicyLimits.NONE);
    }
}
