package dev.wayleave.examples.cli.agent;

import dev.wayleave.examples.cli.source.ServerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Puts into words which routes a node receives; remembers the names of nodes. */
final class RouteMessages {

    private static final int MOST = 4;

    private final Map<Long, String> names = new TreeMap<>();

    /** The messages of an event, one line each; none if the event has nothing about routes. */
    List<String> take(ServerEvent event) {
        return switch (event.kind()) {
            case "view" -> view(event.json());
            case "change" -> change(event.json());
            default -> List.of();
        };
    }

    private List<String> view(JsonNode view) {
        names.clear();
        view.path("peers")
                .forEach(peer ->
                        names.put(peer.path("node").asLong(), peer.path("name").asString("?")));
        List<String> lines = new ArrayList<>();
        lines.add("is online as node " + view.path("node").asLong());
        List<String> carried = texts(view.at("/self/primary"));
        if (!carried.isEmpty()) {
            lines.add("carries " + String.join(", ", carried));
        }
        List<String> given = view.path("given")
                .valueStream()
                .map(each -> each.path("prefix").asString("") + " through " + name(each, "peer"))
                .toList();
        if (!given.isEmpty()) {
            String more = given.size() > MOST ? " and " + (given.size() - MOST) + " more" : "";
            lines.add("gets " + given.stream().limit(MOST).collect(Collectors.joining(", ")) + more);
        }
        return lines;
    }

    private List<String> change(JsonNode change) {
        for (JsonNode peer : change.path("peers")) {
            if (peer.path("name").isString()) {
                names.put(peer.path("peer").asLong(), peer.path("name").asString());
            }
        }
        List<String> lines = new ArrayList<>();
        texts(change.at("/self/primaryGained")).forEach(prefix -> lines.add("now carries " + prefix));
        texts(change.at("/self/primaryLost")).forEach(prefix -> lines.add("no longer carries " + prefix));
        for (JsonNode route : change.path("routes")) {
            String prefix = route.path("prefix").asString("");
            String reason = route.path("reason").asString("");
            String suffix = reason.isEmpty() ? "" : ": " + reason;
            lines.add(
                    switch (route.path("change").asString("")) {
                        case "gained" -> "gets " + prefix + " through " + name(route, "to") + suffix;
                        case "lost" -> "no longer gets " + prefix + suffix;
                        case "moved" ->
                            "gets " + prefix + " through " + name(route, "to") + ", no longer through "
                                    + name(route, "from") + suffix;
                        default -> "has news of " + prefix + suffix;
                    });
        }
        return lines;
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(text -> text.asString("")).toList();
    }

    private String name(JsonNode object, String member) {
        long node = object.path(member).asLong();
        return names.getOrDefault(node, "node " + node);
    }
}
