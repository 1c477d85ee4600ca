package dev.wayleave.examples.server.view;

import dev.wayleave.RoutingViews;
import dev.wayleave.examples.server.web.Json;
import dev.wayleave.explanation.Missing;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Whether traffic passes, as JSON. */
public final class ReachabilityDocument {

    private final RoutingViews views;

    public ReachabilityDocument(RoutingViews views) {
        this.views = views;
    }

    public ObjectNode of(Reachability answer) {
        TrafficQuestion question = answer.question();
        ObjectNode document = Json.object();
        document.put("passes", answer.passes());
        document.put("viewer", question.viewer().value());
        Json.put(document, "behind", question.behind());
        document.put("destination", question.destination().toString());
        Json.put(document, "protocol", question.meantProtocol());
        if (question.port().isPresent()) {
            document.put("port", question.port().getAsInt());
        } else {
            document.putNull("port");
        }
        document.set("reachable", Json.texts(answer.reachable().prefixes()));
        document.set("paths", Json.array(answer.paths(), ReachabilityDocument::path));
        document.set("missing", Json.texts(kinds(answer.missing(), Missing::kind)));
        document.set("near", Json.array(answer.near(), this::near));
        document.set("notes", Json.texts(kinds(answer.notes(), Reachability.Note::kind)));
        document.put("text", answer.text(views.state().names()));
        return document;
    }

    private static <T> List<String> kinds(List<T> reasons, Function<T, String> kind) {
        return reasons.stream().map(kind).distinct().toList();
    }

    private static ObjectNode path(Reachability.Path path) {
        ObjectNode document = Json.object();
        document.put("hop", path.hop().kind());
        TailnetDocuments.number(document, "node", path.hop().node());
        Json.put(document, "route", path.hop().route());
        document.set("destinations", Json.texts(path.destinations().prefixes()));
        document.set("rules", Json.texts(path.rules()));
        document.set("open", Json.texts(path.open()));
        return document;
    }

    private ObjectNode near(NearRule near) {
        ObjectNode document = Json.object();
        document.put("rule", near.rule().toString());
        near.rule().lineIn(views.state().policy()).ifPresent(line -> document.put("line", line));
        document.set("differences", Json.texts(kinds(near.differences(), NearRule.Difference::kind)));
        return document;
    }
}
