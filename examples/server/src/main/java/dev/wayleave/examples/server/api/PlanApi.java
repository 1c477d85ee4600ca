package dev.wayleave.examples.server.api;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.server.plane.Refusals;
import dev.wayleave.examples.server.plane.WrittenPolicy;
import dev.wayleave.examples.server.view.DocumentNames;
import dev.wayleave.examples.server.view.ViewStreams;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.ErrorDocuments;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.foresight.PlanLine;
import dev.wayleave.foresight.PlanSection;
import dev.wayleave.foresight.PlanText;
import dev.wayleave.foresight.RoutePlan;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.PublishedViews;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Serves the plan of a change, before the change is made. */
public final class PlanApi {

    /** An action on a node that can be planned. */
    private enum Action {
        APPROVE,
        REVOKE,
        DRAIN,
        REMOVE;

        boolean isOfRoutes() {
            return this == APPROVE || this == REVOKE;
        }

        Command command(NodeId node, List<Prefix> prefixes, boolean forced) {
            return switch (this) {
                case APPROVE -> new Command.ApproveRoutes(node, prefixes);
                case REVOKE -> new Command.RevokeRoutes(node, prefixes);
                case DRAIN -> new Command.DrainNode(node, null, forced);
                case REMOVE -> new Command.RemoveNode(node);
            };
        }
    }

    private static final Map<String, Action> ACTIONS = new TreeMap<>(
            Map.of("approve", Action.APPROVE, "revoke", Action.REVOKE, "drain", Action.DRAIN, "remove", Action.REMOVE));

    private final ViewStreams views;
    private final WrittenPolicy policy;

    public PlanApi(ViewStreams views, WrittenPolicy policy) {
        this.views = views;
        this.policy = policy;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("POST", TailnetApi.API + "/policy/plan", Scope.READ, this::policy);
        endpoints.add("POST", TailnetApi.API + "/nodes/{id}/plan", Scope.READ, this::node);
    }

    private Answer policy(Request request) {
        WrittenPolicy.ReadResult reading = policy.read(PolicyApi.text(request));
        PolicyApi.refuse(reading.problems());
        PublishedViews published = views.published();
        RoutePlan plan = plan(
                published,
                request.actor(),
                new Command.SetPolicy(reading.policy().orElseThrow()));
        refusal(plan).ifPresent(refusal -> refuse(refusal, published));
        return answer(published, plan, List.of());
    }

    private Answer node(Request request) {
        Body body = request.body();
        PublishedViews published = views.published();
        NodeId id = TailnetApi.node(published.views().state(), request.node()).id();
        Optional<Action> named = body.neededWord("action", ACTIONS);
        List<Prefix> prefixes = named.filter(Action::isOfRoutes).isPresent() ? body.prefixes("routes") : List.of();
        boolean forced = named.filter(action -> action == Action.DRAIN).isPresent() && body.flag("forced");
        body.end();
        Action action = named.orElseThrow();
        RoutePlan plan = plan(published, request.actor(), action.command(id, prefixes, forced));
        Optional<SubmissionResult.Refused> refusal = refusal(plan);
        if (refusal.isEmpty()) {
            return answer(published, plan, List.of());
        }
        boolean leavesPrefixes =
                refusal.get().problems().stream().allMatch(Problem.DrainLeavesPrefixes.class::isInstance);
        if (!leavesPrefixes) {
            refuse(refusal.get(), published);
        }
        RoutePlan forcedPlan = plan(published, request.actor(), action.command(id, prefixes, true));
        return answer(published, forcedPlan, refusal(refusal.get(), published).faults());
    }

    /** On the published views: they may be a commit behind, and the answer has their revision. */
    private static RoutePlan plan(PublishedViews published, Actor actor, Command command) {
        RoutingViews now = published.views();
        return RoutePlan.of(
                now, List.of(Submission.of(actor, command)), now.state().now());
    }

    private static Optional<SubmissionResult.Refused> refusal(RoutePlan plan) {
        return plan.refusals().values().stream().findFirst();
    }

    private static void refuse(SubmissionResult.Refused refusal, PublishedViews published) {
        throw refusal(refusal, published);
    }

    private static ApiException refusal(SubmissionResult.Refused refusal, PublishedViews published) {
        return Refusals.of(refusal, new DocumentNames(published.views().state()).names());
    }

    private static Answer answer(PublishedViews published, RoutePlan plan, List<ApiException.Fault> problems) {
        RoutingState before = plan.before().state();
        PlanText words = new PlanText(
                plan,
                new DocumentNames(before).names(),
                new DocumentNames(plan.after().state(), before).names());
        ObjectNode document = Json.object();
        document.put("revision", published.revision().value());
        document.put("verdict", RoutingJson.word(plan.verdict()));
        document.put("summary", words.summary());
        document.set("problems", ErrorDocuments.faults(problems));
        document.set("unserved", Json.texts(plan.unserved()));
        document.set(
                "staying",
                Json.texts(plan.staying().values().stream()
                        .flatMap(SortedSet::stream)
                        .toList()));
        document.set("sections", Json.array(words.sections(), PlanApi::section));
        return Answer.json(document);
    }

    private static ObjectNode section(PlanSection section) {
        ObjectNode document = Json.object();
        document.put("title", section.title());
        document.set("lines", Json.array(section.lines(), PlanApi::line));
        return document;
    }

    private static ObjectNode line(PlanLine line) {
        ObjectNode document = Json.object();
        document.put("kind", RoutingJson.word(line.kind()));
        document.put("text", line.text());
        return document;
    }
}
