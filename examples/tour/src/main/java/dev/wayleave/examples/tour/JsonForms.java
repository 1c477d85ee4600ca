package dev.wayleave.examples.tour;

import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJacksonModule;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The program of docs/json.md: one event as a document, and inside a document of the host. */
public final class JsonForms {

    private JsonForms() {}

    /**
     * Prints both.
     *
     * @param args not read
     */
    public static void main(String[] args) {
        RouteEvent event =
                new RouteEvent.NodeRenamed(new Origin(new Actor("gateway"), null), new NodeId(3), "gw", "berlin");
        // the documentation shows what is between these two lines
        String text = RoutingJson.write(event);
        System.out.println(text);
        RouteEvent again = RoutingJson.read(RouteEvent.class, text);
        System.out.println(again.equals(event));

        JsonMapper mapper =
                JsonMapper.builder().addModule(new RoutingJacksonModule()).build(); // Jackson 3
        System.out.println(mapper.writeValueAsString(Map.of("event", event)));
        // the documentation shows what is between these two lines
    }
}
