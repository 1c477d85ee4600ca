package dev.wayleave.examples.spring;

import dev.wayleave.RoutingState;
import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.command.Problem;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.storage.Receipt;
import dev.wayleave.storage.RouteController;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Registers nodes, takes and approves what they advertise, and shows what each node gets. No thread waits for the
 * store: Spring answers when the receipt comes.
 */
@RestController
@RequestMapping("/nodes/{id}")
class NodesController {

    private static final Actor ACTOR = new Actor("api");

    private final JdbcClient machines;
    private final RouteController routes;

    NodesController(JdbcClient machines, RouteController routes) {
        this.machines = machines;
        this.routes = routes;
    }

    /** The facts that the host knows of a node. */
    record Machine(String name, List<String> tags, IpAddress address, String serialNumber) {}

    /** The facts that a node gets of another node. */
    record Peer(NodeId node, String name, List<Prefix> routes) {}

    /**
     * The host's own table comes first: if the process ends in between, the node registers again, which does no harm.
     */
    @PutMapping
    CompletionStage<ResponseEntity<?>> register(@PathVariable long id, @RequestBody Machine machine) {
        machines.sql("merge into machine (id, serial_number) key (id) values (?, ?)")
                .params(id, machine.serialNumber())
                .update();
        Node node = Node.builder(
                        new NodeId(id),
                        machine.name(),
                        Owner.tags(machine.tags().toArray(new String[0])))
                .address(machine.address())
                .build();
        return answer(new Command.RegisterNode(node), new Command.ConnectSession(node.id(), session(id)));
    }

    /** The node's connection ended. */
    @DeleteMapping("/session")
    CompletionStage<ResponseEntity<?>> disconnect(@PathVariable long id) {
        return answer(new Command.DisconnectSession(new NodeId(id), session(id)));
    }

    @PutMapping("/advertised")
    CompletionStage<ResponseEntity<?>> advertise(@PathVariable long id, @RequestBody List<Prefix> prefixes) {
        return answer(new Command.AdvertiseRoutes(new NodeId(id), prefixes));
    }

    @PutMapping("/approved")
    CompletionStage<ResponseEntity<?>> approve(@PathVariable long id, @RequestBody List<Prefix> prefixes) {
        return answer(new Command.SetApprovedRoutes(new NodeId(id), prefixes));
    }

    /** Computes the views anew for each request; a host with many nodes keeps them with a listener. */
    @GetMapping("/view")
    ResponseEntity<List<Peer>> view(@PathVariable long id) {
        RoutingState state = routes.current().state();
        Optional<ViewerRoutes> view = RoutingViews.of(state).viewer(new NodeId(id));
        return ResponseEntity.of(view.map(viewer -> viewer.peers().stream()
                .map(peer -> new Peer(
                        peer,
                        state.node(peer).orElseThrow().facts().name(),
                        viewer.routes(peer).all()))
                .toList()));
    }

    private static SessionId session(long id) {
        return new SessionId("api-" + id);
    }

    private CompletionStage<ResponseEntity<?>> answer(Command... commands) {
        return routes.submit(Submission.of(ACTOR, commands)).thenApply(NodesController::response);
    }

    /** 200 with the events, or 409 with the problems. */
    private static ResponseEntity<?> response(Receipt receipt) {
        if (receipt.result() instanceof SubmissionResult.Refused refused) {
            List<Problem> problems = refused.problems();
            return ResponseEntity.status(409).body(Map.of("problems", problems));
        }
        List<RouteEvent> events = receipt.events();
        return ResponseEntity.ok(Map.of("revision", receipt.revision().value(), "events", events));
    }
}
