package dev.wayleave.examples.server.api;

import dev.wayleave.NodeState;
import dev.wayleave.RouteState;
import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.election.Outcome;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.view.DocumentNames;
import dev.wayleave.examples.server.view.EventId;
import dev.wayleave.examples.server.view.EventLog;
import dev.wayleave.examples.server.view.FreshnessDocument;
import dev.wayleave.examples.server.view.History;
import dev.wayleave.examples.server.view.StateDocument;
import dev.wayleave.examples.server.view.TailnetDocuments;
import dev.wayleave.examples.server.view.TailnetFeed;
import dev.wayleave.examples.server.view.ViewDocuments;
import dev.wayleave.examples.server.view.ViewStreams;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import dev.wayleave.explanation.ViewExplanation;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.PublishedViews;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.Withheld;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** Serves the tailnet for reading: all of it, nodes, views, events and explanations. */
public final class TailnetApi {

    public static final String API = "/api/wayleave/v1";

    private static final int EVENTS = 100;
    private static final int MOST_EVENTS = 1_000;

    private final ControlPlane plane;
    private final ViewStreams views;
    private final TailnetFeed feed;
    private final EventLog log;
    private final History history;
    private final InstantSource clock;

    public TailnetApi(
            ControlPlane plane,
            ViewStreams views,
            TailnetFeed feed,
            EventLog log,
            History history,
            InstantSource clock) {
        this.plane = plane;
        this.views = views;
        this.feed = feed;
        this.log = log;
        this.history = history;
        this.clock = clock;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("GET", API + "/tailnet", Scope.READ, this::tailnet);
        endpoints.add(
                "GET", API + "/tailnet/stream", Scope.READ, request -> new Answer.Stream(stream -> feed.begin(stream)));
        endpoints.add("GET", API + "/state", Scope.READ, request -> Answer.json(StateDocument.of(plane.current())));
        endpoints.add("GET", API + "/nodes", Scope.READ, this::nodes);
        endpoints.add("GET", API + "/nodes/{id}", Scope.READ, request -> {
            NodeState node = node(plane.state(), request.onlyQuery().node());
            return Answer.json(new TailnetDocuments(plane.state(), clock.instant()).node(node));
        });
        endpoints.add(
                "GET",
                API + "/nodes/{id}/view",
                Scope.READ,
                request -> view(views, request.onlyQuery().node()));
        endpoints.add("GET", API + "/nodes/{id}/stream", Scope.READ, request -> {
            NodeId node = node(plane.state(), request.onlyQuery().node()).id();
            return new Answer.Stream(stream -> views.begin(stream, node, null));
        });
        endpoints.add("GET", API + "/events", Scope.READ, this::events);
        endpoints.add("GET", API + "/events/stream", Scope.READ, this::follow);
        endpoints.add("GET", API + "/explain", Scope.READ, this::explain);
        endpoints.add("GET", API + "/can", Scope.READ, this::can);
    }

    private Answer tailnet(Request request) {
        PublishedViews published = views.published();
        Instant now = clock.instant();
        ObjectNode document = new TailnetDocuments(published.views().state(), now)
                .tailnet(published.revision().value(), published.views(), log.lost(now));
        return Answer.json(document.set("replica", FreshnessDocument.of(plane)));
    }

    private Answer nodes(Request request) {
        RoutingState state = plane.state();
        TailnetDocuments documents = new TailnetDocuments(state, clock.instant());
        ObjectNode document = Json.object();
        document.set("nodes", Json.array(state.nodes().values(), documents::node));
        return Answer.json(document);
    }

    /** A node that has to be there. */
    static NodeState node(RoutingState state, NodeId id) {
        return state.node(id).orElseThrow(() -> ApiException.notFound("there is no node `" + id + "`"));
    }

    /** The view of a node. */
    static Answer view(ViewStreams views, NodeId id) {
        PublishedViews published = views.published();
        NodeState node = node(published.views().state(), id);
        return Answer.json(new ViewDocuments(published.views().state())
                .view(published.revision().value(), published.views(), node.id()));
    }

    private Answer events(Request request) {
        request.onlyQuery("limit", "before", "node", "prefix", "holders", "kinds");
        Optional<Prefix> prefix = request.queryPrefix("prefix");
        boolean withHolders = request.query("holders").orElse("").equals("true");
        List<EventLog.Entry> entries = log.newest(
                request.queryNumber("limit", 1, MOST_EVENTS).map(Long::intValue).orElse(EVENTS),
                queryEvent(request, "before").orElse(EventId.END),
                new EventLog.Filter(
                        request.queryNode("node").orElse(null),
                        prefix.orElse(null),
                        prefix.filter(each -> withHolders)
                                .map(each -> holders(plane.state(), each))
                                .orElse(List.of()),
                        request.query("kinds")
                                .map(kinds -> List.of(kinds.split(",")))
                                .orElse(List.of())));
        ObjectNode document = Json.object();
        document.set("events", Json.array(entries, EventLog.Entry::json));
        return Answer.json(document);
    }

    private static Optional<EventId> queryEvent(Request request, String name) {
        return request.query(name)
                .map(text -> EventId.parse(text)
                        .orElseThrow(() -> ApiException.badRequest("`" + name + "` is `" + Json.shown(text)
                                + "`: give the `id` of an event, such as `42.0`")));
    }

    private Answer follow(Request request) {
        EventId after = queryEvent(request.onlyQuery("after"), "after")
                .or(() -> request.header("Last-Event-ID").flatMap(EventId::parse))
                .orElseGet(log::last);
        EventId kept = log.since();
        if (after.equals(EventId.START) || after.compareTo(kept) >= 0) {
            return new Answer.Stream(stream -> log.follow(stream, List.of(), after));
        }
        List<EventLog.Entry> older = history.between(after, kept, plane.state())
                .orElseThrow(() -> new ApiException(
                        410, "too many events happened after `" + after + "`: read `events`, and follow the newest"));
        return new Answer.Stream(stream -> log.follow(stream, older, kept));
    }

    private Answer explain(Request request) {
        request.onlyQuery("node", "viewer", "prefix");
        Prefix prefix = request.queryPrefix("prefix").orElseThrow(() -> ApiException.badRequest("say which `prefix`"));
        Optional<NodeId> node = request.queryNode("node");
        Optional<NodeId> viewer = request.queryNode("viewer");
        if (node.isPresent() == viewer.isPresent()) {
            throw ApiException.badRequest("say which `node` or which `viewer`, and not both");
        }
        return node.isPresent() ? explainNode(node.get(), prefix) : explainViewer(viewer.orElseThrow(), prefix);
    }

    private Answer can(Request request) {
        request.onlyQuery("from", "to", "protocol");
        String from = request.query("from").orElseThrow(() -> ApiException.badRequest("say who sends in `from`"));
        String to = request.query("to").orElseThrow(() -> ApiException.badRequest("say where to in `to`"));
        RoutingViews published = views.published().views();
        try {
            TrafficQuestion question =
                    published.question(from, to, request.query("protocol").orElse(""));
            Reachability answer = published.can(question).orElseThrow();
            ObjectNode document = Json.object();
            document.put("passes", answer.passes());
            document.putRawValue("answer", new RawValue(RoutingJson.write(answer)));
            document.put("text", answer.text(new DocumentNames(published.state()).names()));
            return Answer.json(document);
        } catch (TrafficQuestionException misread) {
            throw ApiException.badRequest(String.valueOf(misread.getMessage()));
        }
    }

    private Answer explainNode(NodeId id, Prefix prefix) {
        RoutingState state = plane.state();
        DocumentNames words = new DocumentNames(state);
        RouteExplanation about =
                Routing.explain(state, node(state, id).id(), prefix).orElseThrow();
        ObjectNode document = Json.object();
        document.put("node", id.value());
        document.put("prefix", prefix.toString());
        document.put("serving", about.isServing());
        document.put("advertised", about.advertised());
        document.put("approved", about.verdict() instanceof dev.wayleave.approval.Verdict.AlreadyApproved);
        document.put(
                "lapsed",
                about.lapsed().map(verdict -> words.of(verdict, false)).orElse(null));
        TailnetDocuments.number(
                document, "primary", about.election().flatMap(Outcome::primary).orElse(null));
        document.set("lines", Json.array(about.lines(words.names()), TailnetApi::line));
        document.set("holders", Json.array(about.holders(), holder -> holder(words, about, holder)));
        document.put("text", about.text(words.names()));
        return Answer.json(document);
    }

    private static ObjectNode line(RouteExplanation.Line line) {
        ObjectNode document = Json.object();
        document.put("question", line.question());
        document.put("answer", line.answer());
        document.put("reason", line.reason());
        return document;
    }

    private static ObjectNode holder(DocumentNames words, RouteExplanation about, RouteExplanation.Holder holder) {
        ObjectNode document = Json.object();
        document.put("node", holder.node().value());
        document.put("name", holder.name());
        document.put("liveness", DocumentNames.word(holder.liveness()));
        document.put("class", DocumentNames.word(holder.candidateClass()));
        Json.put(document, "graceUntil", holder.graceUntil().orElse(null));
        document.put("text", about.text(words.names(), holder));
        return document;
    }

    private Answer explainViewer(NodeId id, Prefix prefix) {
        PublishedViews published = views.published();
        RoutingState state = published.views().state();
        ViewExplanation about =
                Routing.explain(published.views(), node(state, id).id(), prefix).orElseThrow();
        DocumentNames words = new DocumentNames(state);
        Names names = words.names();
        ObjectNode document = Json.object();
        document.put("viewer", id.value());
        document.put("prefix", prefix.toString());
        TailnetDocuments.number(
                document,
                "carrier",
                prefix.isExitRoute()
                        ? null
                        : about.carriers().stream().findFirst().orElse(null));
        document.set("answers", Json.array(about.offers(), offer -> {
            RouteAnswer answer = offer.answer();
            ObjectNode item = Json.object();
            item.put("peer", answer.peer().value());
            item.put("name", words.name(answer.peer()));
            item.put("given", answer.isGiven());
            item.put("code", kind(answer));
            item.put("reason", answer.text(names, id));
            return item;
        }));
        document.put("text", about.text(names));
        return Answer.json(document);
    }

    private static String kind(RouteAnswer answer) {
        return answer instanceof RouteAnswer.Given given
                ? given.reason().kind()
                : ((Withheld) answer).reason().kind();
    }

    private static List<NodeId> holders(RoutingState state, Prefix prefix) {
        return prefix.isExitRoute()
                ? state.nodes().values().stream()
                        .filter(node -> node.effective().contains(prefix))
                        .map(NodeState::id)
                        .toList()
                : state.route(prefix).map(RouteState::holders).orElse(List.of());
    }
}
