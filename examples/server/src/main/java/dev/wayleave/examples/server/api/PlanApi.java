package dev.wayleave.examples.server.api;

import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.foresight.PlanLine;
import dev.wayleave.foresight.PlanSection;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** What a change would do, before it is made. */
public final class PlanApi {

    /** What can be planned of a node. */
    private enum Action {
        APPROVE,
        REVOKE,
        DRAIN,
        REMOVE;

        boolean isOfRoutes() {
            return this == APPROVE || this == REVOKE;
        }

        Command command(NodeId node, List<Prefix> routes) {
            return switch (this) {
                case APPROVE -> new Command.ApproveRoutes(node, routes);
                case REVOKE -> new Command.RevokeRoutes(node, routes);
                case DRAIN -> new Command.DrainNode(node, null, true);
                case REMOVE -> new Command.RemoveNode(node);
            };
        }
    }

    private static final Map<String, Action> ACTIONS = new TreeMap<>(
            Map.of("approve", Action.APPROVE, "revoke", Action.REVOKE, "drain", Action.DRAIN, "remove", Action.REMOVE));

    private final ControlPlane plane;

    private final WrittenPolicy policy;

    public PlanApi(ControlPlane plane, WrittenPolicy policy) {
        this.plane = plane;
        this.policy = policy;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("POST", TailnetApi.API + "/policy/plan", Scope.READ, this::policy);
        endpoints.add("POST", TailnetApi.API + "/nodes/{id}/plan", Scope.READ, this::node);
    }

    private Answer policy(Request request) {
        String text = PolicyApi.text(request);
        PolicyApi.refuse(policy.problems(text));
        return Answer.json(document(plane.plan(request.actor(), new Command.SetPolicy(PolicyReader.read(text)))));
    }

    private Answer node(Request request) {
        Body body = request.body();
        NodeId id = TailnetApi.node(plane.state(), request.node()).id();
        Optional<Action> action = body.word("action", ACTIONS);
        if (action.isEmpty()) {
            body.refuse("action", "missing", "`action` has to be one of " + String.join(", ", ACTIONS.keySet()));
        }
        List<Prefix> routes = action.filter(Action::isOfRoutes).isPresent() ? body.prefixes("routes") : List.of();
        body.end();
        return Answer.json(
                document(plane.plan(request.actor(), action.orElseThrow().command(id, routes))));
    }

    private static ObjectNode document(RoutePlan plan) {
        PlanText words = PlanText.of(plan);
        ObjectNode document = Json.object();
        document.put("verdict", word(plan.verdict()));
        document.put("summary", words.summary());
        document.set("sections", Json.array(words.sections(), PlanApi::section));
        return document;
    }

    private static ObjectNode section(PlanSection section) {
        ObjectNode document = Json.object();
        document.put("title", section.title());
        document.set("lines", Json.array(section.lines(), PlanApi::line));
        return document;
    }

    private static ObjectNode line(PlanLine line) {
        ObjectNode document = Json.object();
        document.put("kind", word(line.kind()));
        document.put("text", line.text());
        return document;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
