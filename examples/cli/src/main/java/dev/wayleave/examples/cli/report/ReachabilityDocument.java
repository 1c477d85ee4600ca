package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.source.LocalTailnet;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.explanation.Missing;
import dev.wayleave.explanation.NearRule;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** Whether traffic passes, for programs, with the members that a server's answer has. */
public final class ReachabilityDocument {

    private final LocalTailnet known;

    private ReachabilityDocument(LocalTailnet known) {
        this.known = known;
    }

    /** With the text for people. */
    public static String of(Reachability answer, LocalTailnet known, String text) {
        return JsonOutput.write(json -> new ReachabilityDocument(known).write(json, answer, text));
    }

    private void write(JsonGenerator json, Reachability answer, String text) {
        TrafficQuestion question = answer.question();
        json.writeStartObject();
        json.writeBooleanProperty("passes", answer.passes());
        json.writeNumberProperty("viewer", question.viewer().value());
        JsonOutput.textOrNull(
                json, "behind", question.behind().map(Object::toString).orElse(null));
        json.writeStringProperty("destination", question.destination().toString());
        JsonOutput.textOrNull(
                json, "protocol", question.meantProtocol().map(Object::toString).orElse(null));
        if (question.port().isPresent()) {
            json.writeNumberProperty("port", question.port().getAsInt());
        } else {
            json.writeNullProperty("port");
        }
        JsonOutput.texts(json, "reachable", answer.reachable().prefixes());
        json.writeArrayPropertyStart("paths");
        answer.paths().forEach(path -> write(json, path));
        json.writeEndArray();
        JsonOutput.texts(json, "missing", kinds(answer.missing(), Missing::kind));
        json.writeArrayPropertyStart("near");
        answer.near().forEach(near -> write(json, near));
        json.writeEndArray();
        JsonOutput.texts(json, "notes", kinds(answer.notes(), Reachability.Note::kind));
        json.writeStringProperty("text", text);
        json.writeEndObject();
    }

    private static <T> List<String> kinds(List<T> reasons, Function<T, String> kind) {
        return reasons.stream().map(kind).distinct().toList();
    }

    private void write(JsonGenerator json, Reachability.Path path) {
        json.writeStartObject();
        json.writeStringProperty("hop", path.hop().kind());
        Optional<NodeId> node = path.hop().node();
        if (node.isPresent()) {
            json.writeNumberProperty("node", node.get().value());
        } else {
            json.writeNullProperty("node");
        }
        JsonOutput.textOrNull(
                json, "route", path.hop().route().map(Prefix::toString).orElse(null));
        JsonOutput.texts(json, "destinations", path.destinations().prefixes());
        JsonOutput.texts(json, "rules", path.rules());
        JsonOutput.texts(json, "open", path.open());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, NearRule near) {
        json.writeStartObject();
        json.writeStringProperty("rule", near.rule().toString());
        near.rule().lineIn(known.state().policy()).ifPresent(line -> json.writeNumberProperty("line", line));
        JsonOutput.texts(json, "differences", kinds(near.differences(), NearRule.Difference::kind));
        json.writeEndObject();
    }
}
