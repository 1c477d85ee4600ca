package dev.wayleave.examples.server.sample;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.api.TailnetApi;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.view.DocumentNames;
import dev.wayleave.examples.server.web.Answer;
import dev.wayleave.examples.server.web.ApiException;
import dev.wayleave.examples.server.web.Endpoints;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.examples.server.web.Request;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * The agents of the sample's nodes, inside the server, so that one command shows something: they keep sessions, and can
 * be stopped, silenced and started from outside.
 *
 * <p>A user who registers a node of the sample with another agent takes it over: the session here is then no longer the
 * current one, and does not count.
 */
public final class SampleAgents {

    private enum AgentState {
        /** Keeps a session. */
        RUNNING,
        /** Ended its session in order. */
        STOPPED,
        /** Sends nothing more, as if its power were cut. */
        SILENT
    }

    private record Agent(AgentState state, SessionId session) {}

    private final ControlPlane plane;
    private final Map<NodeId, Agent> agents = new TreeMap<>();

    public SampleAgents(ControlPlane plane) {
        this.plane = plane;
    }

    public void addTo(Endpoints endpoints) {
        endpoints.add("GET", TailnetApi.API + "/sample", Scope.READ, this::list);
        Map<String, Consumer<NodeId>> actions =
                Map.of("start", this::start, "stop", this::stop, "silence", this::silence);
        actions.forEach((name, action) ->
                endpoints.add("POST", TailnetApi.API + "/sample/{id}/" + name, Scope.OPERATE, request -> {
                    request.body().end();
                    return act(request, action);
                }));
    }

    private synchronized Answer list(Request request) {
        List<ObjectNode> documents = new ArrayList<>();
        agents.forEach((node, agent) -> documents.add(document(node)));
        ObjectNode document = Json.object();
        document.set("agents", Json.array(documents, item -> item));
        return Answer.json(document);
    }

    private ObjectNode document(NodeId node) {
        Agent agent = agents.getOrDefault(node, new Agent(AgentState.STOPPED, new SessionId("-")));
        ObjectNode document = Json.object();
        document.put("node", node.value());
        document.put("state", DocumentNames.word(agent.state()));
        return document;
    }

    private synchronized Answer act(Request request, Consumer<NodeId> action) {
        NodeId node = request.node();
        if (!agents.containsKey(node)) {
            throw ApiException.notFound("the sample has no node `" + node + "`");
        }
        action.accept(node);
        return Answer.json(document(node));
    }

    /** Starts the agents of the sample's nodes that are not online. */
    public synchronized void startAll() {
        RoutingState state = plane.state();
        Sample.nodes(state).stream()
                .filter(node -> state.node(node)
                        .filter(found -> found.liveness() != Liveness.ONLINE)
                        .isPresent())
                .forEach(this::start);
    }

    /** Gives the agents that run new sessions: this process has lost the earlier ones. */
    public synchronized void connectAgain() {
        RoutingState state = plane.state();
        Map.copyOf(agents).forEach((node, agent) -> {
            if (agent.state() == AgentState.RUNNING && state.node(node).isPresent()) {
                start(node);
            }
        });
    }

    private void start(NodeId node) {
        Agent agent =
                new Agent(AgentState.RUNNING, new SessionId(UUID.randomUUID().toString()));
        var unused = plane.submit(Sample.ACTOR, new Command.ConnectSession(node, agent.session()));
        agents.put(node, agent);
    }

    private void stop(NodeId node) {
        SessionId session = session(node);
        var unused = plane.submit(Sample.ACTOR, new Command.DisconnectSession(node, session));
        agents.put(node, new Agent(AgentState.STOPPED, session));
    }

    private void silence(NodeId node) {
        agents.put(node, new Agent(AgentState.SILENT, session(node)));
    }

    private SessionId session(NodeId node) {
        return agents.getOrDefault(node, new Agent(AgentState.STOPPED, new SessionId("-")))
                .session();
    }

    /** Every agent that runs sends a keep-alive; those of removed nodes end. Does not wait. */
    public synchronized void keepAlive() {
        agents.keySet().removeIf(node -> plane.state().node(node).isEmpty());
        agents.forEach((node, agent) -> {
            if (agent.state() == AgentState.RUNNING) {
                plane.heard(Sample.ACTOR, node, agent.session());
            }
        });
    }
}
