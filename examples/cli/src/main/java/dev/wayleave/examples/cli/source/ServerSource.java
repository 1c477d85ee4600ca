package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.RefusedException;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.StateRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tailnet of a server. It gives its rows and who is online, and this process answers from them. */
public final class ServerSource implements OperatedSource {

    private static final long TRY_AGAIN_MILLIS = 1_000;

    private final ControlPlane server;

    /** The id of the last event that was read. */
    private String last = "0";

    public ServerSource(ControlPlane server) {
        this.server = server;
    }

    private record State(Instant time, JsonNode rows, List<Presence> presence) {}

    @Override
    public Tailnet read() {
        State state = server.get(ControlPlane.OWN + "state", State.class);
        try {
            StateRows rows = RoutingJson.read(StateRows.class, state.rows().toString());
            RoutingState restored = Presence.restore(rows, state.presence(), state.time());
            return new Tailnet(restored, restored.names(), "");
        } catch (StoredTextException unknown) {
            throw new BadInput("the server is of another version of Wayleave: " + unknown.getMessage());
        } catch (WayleaveException refused) {
            throw new BadInput(refused);
        }
    }

    @Override
    public String approveOnly(NodeId node, Collection<Prefix> prefixes) {
        JsonNode answer = server.send(
                "POST",
                ControlPlane.HEADSCALE + "node/" + node + "/approve_routes",
                Map.of("routes", List.copyOf(prefixes)));
        // another server of Headscale's API does not return what changed
        return answer.at("/changes/text").asString("Node updated\n");
    }

    @Override
    public List<String> drain(NodeId node, @Nullable Instant until, boolean forced) {
        Map<String, Object> drain = new LinkedHashMap<>();
        if (until != null) {
            drain.put("until", until);
        }
        drain.put("forced", forced);
        return happened(server.send("POST", path(node) + "/drain", drain));
    }

    @Override
    public List<String> undrain(NodeId node) {
        return happened(server.send("POST", path(node) + "/undrain", Map.of()));
    }

    /** What the server says that a request led to, and what it remarks on it. */
    private static List<String> happened(JsonNode answer) {
        List<String> texts = new ArrayList<>();
        answer.at("/happened").values().forEach(text -> texts.add(text.asString("")));
        answer.at("/remarks")
                .values()
                .forEach(remark -> texts.add(remark.at("/message").asString("")));
        return texts;
    }

    private static String path(NodeId node) {
        return ControlPlane.OWN + "nodes/" + node;
    }

    @Override
    public void setPolicy(RoutingPolicy policy) {
        server.send("PUT", ControlPlane.OWN + "policy", Map.of("policy", policy.text()));
    }

    private record Events(List<HistoryEntry> events) {}

    @Override
    public List<HistoryEntry> past(int most, @Nullable NodeId node, @Nullable Prefix prefix) {
        String query = "events?limit=" + most + (node == null ? "" : "&node=" + node)
                + (prefix == null ? "" : "&prefix=" + ControlPlane.part(prefix.toString()));
        List<HistoryEntry> past =
                server.get(ControlPlane.OWN + query, Events.class).events();
        return past.stream().filter(this::isNew).toList();
    }

    private boolean isNew(HistoryEntry entry) {
        boolean isNew = !last.equals(entry.id());
        last = entry.id() == null ? last : entry.id();
        return isNew;
    }

    private void take(ServerEvent event, Consumer<HistoryEntry> each, Consumer<String> notes) {
        if (event.kind().equals("event")) {
            HistoryEntry entry = Documents.MAPPER.treeToValue(event.json(), HistoryEntry.class);
            if (isNew(entry)) {
                each.accept(entry);
            }
        } else if (event.kind().equals("history")) {
            // its events may have the ids of those that were read
            last = event.json().path("after").asString(last);
            notes.accept("the tailnet has another history after event " + last);
        }
    }

    @Override
    public void follow(Consumer<HistoryEntry> each, Consumer<String> notes) {
        boolean lost = false;
        while (true) {
            try (Stream<String> lines = server.stream(ControlPlane.OWN + "events/stream?after=" + last)) {
                if (lost) {
                    notes.accept("connected again");
                }
                lost = false;
                ServerEvent.Lines together = new ServerEvent.Lines();
                lines.forEach(line -> together.take(line).ifPresent(event -> take(event, each, notes)));
            } catch (IOException | UncheckedIOException broken) {
                // tried again below
            } catch (RefusedException refused) {
                if (!refused.mayPass()) {
                    throw refused;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            if (!lost) {
                notes.accept("the connection is lost; trying again");
            }
            lost = true;
            if (!OperatedSource.waited(TRY_AGAIN_MILLIS)) {
                return;
            }
        }
    }
}
