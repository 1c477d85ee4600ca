package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import dev.wayleave.examples.cli.text.NearNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes of a tailnet by name and number, for those who type either. */
public final class Peers {

    private final Map<Long, String> names = new LinkedHashMap<>();

    private Peers() {}

    public static Peers of(ControlPlane server) {
        Peers peers = new Peers();
        for (Json each : server.fields(server.get(ControlPlane.OWN + "nodes")).list("nodes")) {
            Fields node = server.fields(each);
            peers.names.put(node.positiveNumber("id"), node.name("name"));
        }
        return peers;
    }

    public static Peers of(RoutingState state) {
        Peers peers = new Peers();
        state.nodes()
                .forEach((id, node) -> peers.names.put(id.value(), node.facts().name()));
        return peers;
    }

    /** The number of a node on the command line: its name, or the number itself. */
    public long find(String typed) {
        List<Long> found = new ArrayList<>();
        names.forEach((id, name) -> {
            if (name.equals(typed)) {
                found.add(id);
            }
        });
        if (found.isEmpty() && typed.matches("[1-9][0-9]{0,17}") && names.containsKey(Long.valueOf(typed))) {
            found.add(Long.valueOf(typed));
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new BadInput(
                found.isEmpty()
                        ? "there is no node `" + typed + "`" + NearNames.hint(typed, names.values())
                        : "`" + typed + "` is the name of more than one node: write one of the numbers " + found);
    }
}
