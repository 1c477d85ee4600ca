package dev.wayleave.examples.tour;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wayleave.event.Origin;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.RoutingJson;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.NodeId;

/** The second program of docs/json.md: an event inside a document of a host on Jackson 2. */
public final class JsonInJackson2 {

    private JsonInJackson2() {}

    /**
     * Prints the document, and whether the event is read back equal.
     *
     * @param args not read
     * @throws Exception if Jackson cannot read what it wrote
     */
    public static void main(String[] args) throws Exception {
        RouteEvent event =
                new RouteEvent.NodeRenamed(new Origin(new Actor("gateway"), null), new NodeId(3), "gw", "berlin");
        // the documentation shows what is between these two lines
        ObjectMapper mapper = new ObjectMapper(); // com.fasterxml.jackson.databind
        ObjectNode document = mapper.createObjectNode();
        document.set("event", mapper.readTree(RoutingJson.write(event)));
        System.out.println(document);
        RouteEvent again =
                RoutingJson.read(RouteEvent.class, document.get("event").toString());
        System.out.println(again.equals(event));
        // the documentation shows what is between these two lines
    }
}
