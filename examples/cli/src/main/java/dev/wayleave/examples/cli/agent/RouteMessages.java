package dev.wayleave.examples.cli.agent;

import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.ServerEvent;
import dev.wayleave.examples.cli.text.Fields;
import dev.wayleave.examples.cli.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts into words which routes a node receives; remembers the names of nodes. */
final class RouteMessages {

    private static final int MOST = 4;

    private final Map<Long, String> names = new TreeMap<>();

    /** What an event says, one line each; none if it says nothing about routes. */
    List<String> take(ServerEvent event, ControlPlane server) {
        Fields data = server.fields(event.json());
        switch (event.kind()) {
            case "view":
                return view(data, server);
            case "change":
                return change(data, server);
            default:
                return List.of();
        }
    }

    private List<String> view(Fields view, ControlPlane server) {
        names.clear();
        for (Json each : view.list("peers")) {
            Fields peer = server.fields(each);
            names.put(peer.positiveNumber("node"), peer.text("name").orElse("?"));
        }
        List<String> lines = new ArrayList<>();
        lines.add("is online as node " + view.positiveNumber("node"));
        List<String> carried = server.fields(view.need("self")).texts("primary");
        if (!carried.isEmpty()) {
            lines.add("carries " + String.join(", ", carried));
        }
        List<String> given = view.list("given").stream()
                .map(server::fields)
                .map(each -> each.text("prefix").orElse("") + " through " + name(each.positiveNumber("peer")))
                .toList();
        if (!given.isEmpty()) {
            String more = given.size() > MOST ? " and " + (given.size() - MOST) + " more" : "";
            lines.add("gets " + given.stream().limit(MOST).collect(Collectors.joining(", ")) + more);
        }
        return lines;
    }

    private List<String> change(Fields change, ControlPlane server) {
        for (Json each : change.list("peers")) {
            Fields peer = server.fields(each);
            peer.text("name").ifPresent(name -> names.put(peer.positiveNumber("peer"), name));
        }
        List<String> lines = new ArrayList<>();
        Fields self = server.fields(change.need("self"));
        self.texts("primaryGained").forEach(prefix -> lines.add("now carries " + prefix));
        self.texts("primaryLost").forEach(prefix -> lines.add("no longer carries " + prefix));
        for (Json each : change.list("routes")) {
            Fields route = server.fields(each);
            String prefix = route.text("prefix").orElse("");
            String reason = route.text("reason")
                    .filter(text -> !text.isEmpty())
                    .map(text -> ": " + text)
                    .orElse("");
            switch (route.text("change").orElse("")) {
                case "gained" -> lines.add("gets " + prefix + " through " + name(route.positiveNumber("to")) + reason);
                case "lost" -> lines.add("no longer gets " + prefix + reason);
                case "moved" ->
                    lines.add("gets " + prefix + " through " + name(route.positiveNumber("to")) + ", no longer through "
                            + name(route.positiveNumber("from")) + reason);
                default -> lines.add("has news of " + prefix + reason);
            }
        }
        return lines;
    }

    private String name(long node) {
        return names.getOrDefault(node, "node " + node);
    }
}
