package dev.wayleave.examples.cli.report;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Outcome;
import dev.wayleave.examples.cli.text.JsonOutput;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** An explanation for programs, with the members that a server's answer has. */
public final class ExplanationDocument {

    private final RouteExplanation about;
    private final Names names;

    private ExplanationDocument(RouteExplanation about, Names names) {
        this.about = about;
        this.names = names;
    }

    /** With what to print reasons with, and the text for people. */
    public static String of(RouteExplanation about, Names names, String text) {
        return JsonOutput.write(json -> new ExplanationDocument(about, names).write(json, text));
    }

    private void write(JsonGenerator json, String text) {
        json.writeStartObject();
        json.writeNumberProperty("node", about.node().value());
        json.writeStringProperty("prefix", about.prefix().toString());
        json.writeBooleanProperty("serving", about.isServing());
        json.writeBooleanProperty("advertised", about.advertised());
        json.writeBooleanProperty("approved", about.verdict() instanceof Verdict.AlreadyApproved);
        json.writeStringProperty("approval", about.verdict().text(names));
        JsonOutput.textOrNull(
                json,
                "lapsed",
                about.lapsed().map(verdict -> verdict.text(names)).orElse(null));
        json.writeStringProperty("election", election());
        Optional<NodeId> primary = about.election().flatMap(Outcome::primary);
        if (primary.isPresent()) {
            json.writeNumberProperty("primary", primary.get().value());
        } else {
            json.writeNullProperty("primary");
        }
        json.writeArrayPropertyStart("holders");
        about.holders().forEach(holder -> write(json, holder));
        json.writeEndArray();
        json.writeStringProperty("text", text);
        json.writeEndObject();
    }

    private String election() {
        if (about.prefix().isExitRoute()) {
            return "never: every exit node offers its own exit routes";
        }
        return about.election().map(this::of).orElse("none: it is effective on no node");
    }

    private String of(Outcome outcome) {
        if (outcome instanceof Outcome.Elected elected) {
            return names.node(elected.winner()) + ": it " + elected.reason().text(names);
        }
        return outcome instanceof Outcome.Kept kept
                ? "no candidate is left; " + names.node(kept.last()) + " is kept"
                : "no candidate is left";
    }

    private void write(JsonGenerator json, RouteExplanation.Holder holder) {
        json.writeStartObject();
        json.writeNumberProperty("node", holder.node().value());
        json.writeStringProperty("name", holder.name());
        json.writeStringProperty("liveness", word(holder.liveness()));
        json.writeStringProperty("class", word(holder.candidateClass()));
        JsonOutput.textOrNull(
                json, "graceUntil", holder.graceUntil().map(Instant::toString).orElse(null));
        json.writeStringProperty("text", word(holder.liveness()) + role(holder.node()));
        json.writeEndObject();
    }

    private String role(NodeId node) {
        if (!(about.election().orElse(null) instanceof Outcome.Elected elected)) {
            return "";
        }
        if (elected.winner().equals(node)) {
            return "; primary: it " + elected.reason().text(names);
        }
        return elected.losers().stream()
                .filter(loss -> loss.node().equals(node))
                .map(loss -> "; standby: " + loss.text(names))
                .findFirst()
                .orElse("; no candidate");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
