package dev.wayleave.examples.server.api;

import dev.wayleave.NodeState;
import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.Registration;
import dev.wayleave.examples.server.view.TailnetDocuments;
import dev.wayleave.examples.server.view.TailnetFeed;
import dev.wayleave.examples.server.view.ViewStreams;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Body;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** The requests of the agents of nodes. The key identifies the node. */
public final class AgentApi {

    private static final String API = TailnetApi.API + "/agent";
    private static final int LONGEST_SESSION = 200;

    private final ControlPlane plane;
    private final Registration registration;
    private final ViewStreams views;
    private final TailnetFeed feed;

    public AgentApi(ControlPlane plane, Registration registration, ViewStreams views, TailnetFeed feed) {
        this.plane = plane;
        this.registration = registration;
        this.views = views;
        this.feed = feed;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("POST", API + "/register", Scope.OPERATE, this::register);
        endpoints.add("POST", API + "/connect", Scope.AGENT, this::connect);
        endpoints.add("POST", API + "/keep-alive", Scope.AGENT, this::keepAlive);
        endpoints.add("POST", API + "/advertise", Scope.AGENT, this::advertise);
        endpoints.add("POST", API + "/health", Scope.AGENT, this::health);
        endpoints.add("POST", API + "/disconnect", Scope.AGENT, this::disconnect);
        endpoints.add("GET", API + "/view", Scope.AGENT, request -> TailnetApi.view(views, request.agent()));
        endpoints.add("GET", API + "/stream", Scope.AGENT, this::stream);
    }

    private Answer register(Request request) {
        Registration.RegistrationResult registered = registration.register(request.actor(), request.body());
        ObjectNode node = Json.object();
        node.put("id", registered.node().id().value());
        node.put("name", registered.node().name());
        ObjectNode document = Json.object();
        document.set("node", node);
        document.put("key", registered.key());
        times(document);
        document.set("remarks", Remarks.of(registered.receipt(), plane.state().names()));
        return Answer.json(registered.isNew() ? 201 : 200, document);
    }

    private void times(ObjectNode document) {
        document.put("keepAliveSeconds", ControlPlane.KEEP_ALIVE.toSeconds());
        document.put(
                "silenceLimitSeconds",
                plane.state().settings().silenceLimit().map(Duration::toSeconds).orElse(0L));
    }

    private Answer connect(Request request) {
        request.body().end();
        String session = UUID.randomUUID().toString();
        var unused = plane.submit(request.actor(), new Command.ConnectSession(request.agent(), new SessionId(session)));
        ObjectNode document = Json.object();
        document.put("session", session);
        times(document);
        return Answer.json(document);
    }

    private static SessionId session(Body body) {
        return new SessionId(body.name("session", LONGEST_SESSION));
    }

    private Answer keepAlive(Request request) {
        Body body = request.body();
        SessionId session = session(body);
        body.end();
        return current(plane.submit(request.actor(), new Command.KeepAlive(request.agent(), session)));
    }

    private Answer health(Request request) {
        Body body = request.body();
        Command.ReportHealth report = new Command.ReportHealth(
                request.agent(), body.prefix("prefix").orElse(null), OperatorApi.health(body), session(body));
        body.end();
        Receipt receipt = plane.submit(request.actor(), report);
        // a report of health alone makes no event
        feed.changed();
        return current(receipt);
    }

    private static Answer current(Receipt receipt) {
        boolean ignored = receipt.result() instanceof SubmissionResult.Accepted accepted
                && accepted.remarks().stream().anyMatch(SubmissionResult.SessionIgnored.class::isInstance);
        if (ignored) {
            throw new ApiException(409, "the session is not the node's current one: connect again");
        }
        return Answer.nothing();
    }

    private Answer advertise(Request request) {
        Body body = request.body();
        List<Prefix> prefixes = body.prefixes("routes");
        body.end();
        Receipt receipt = plane.submit(request.actor(), new Command.AdvertiseRoutes(request.agent(), prefixes));
        RoutingState state = plane.state();
        ObjectNode document = Json.object();
        document.set("routes", new TailnetDocuments(state).routes(TailnetApi.node(state, request.agent())));
        document.set("remarks", Remarks.of(receipt, state.names()));
        return Answer.json(document);
    }

    private Answer disconnect(Request request) {
        Body body = request.body();
        SessionId session = session(body);
        body.end();
        var unused = plane.submit(request.actor(), new Command.DisconnectSession(request.agent(), session));
        return Answer.nothing();
    }

    private Answer stream(Request request) {
        NodeId id = request.onlyQuery("session").agent();
        NodeState node = TailnetApi.node(plane.state(), id);
        Optional<SessionId> session = request.query("session")
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST_SESSION)
                .map(SessionId::new);
        if (request.query("session").isPresent() && (session.isEmpty() || !session.equals(node.session()))) {
            throw new ApiException(409, "the session is not the node's current one: connect again");
        }
        Actor actor = request.actor();
        return new Answer.Stream(stream -> {
            Runnable forget = views.begin(stream, id, session.orElse(null));
            return () -> {
                forget.run();
                session.ifPresent(current -> plane.ended(actor, id, current));
            };
        });
    }
}
