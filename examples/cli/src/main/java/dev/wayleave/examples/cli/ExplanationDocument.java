package dev.wayleave.examples.cli;

import dev.wayleave.RouteExplanation;
import dev.wayleave.RoutingText;
import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Outcome;
import dev.wayleave.mesh.NodeId;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** An explanation for programs, with the members that a server's answer has. */
final class ExplanationDocument {

    private final RouteExplanation about;
    private final RoutingText words;

    private ExplanationDocument(RouteExplanation about, RoutingText words) {
        this.about = about;
        this.words = words;
    }

    /** With what to print reasons with, and the text for people. */
    static String of(RouteExplanation about, RoutingText words, String text) {
        return JsonOutput.write(json -> new ExplanationDocument(about, words).write(json, text));
    }

    private void write(JsonGenerator json, String text) {
        json.writeStartObject();
        json.writeNumberProperty("node", about.node().value());
        json.writeStringProperty("prefix", about.prefix().toString());
        json.writeBooleanProperty("serving", about.isServing());
        json.writeBooleanProperty("advertised", about.advertised());
        json.writeBooleanProperty("approved", about.verdict() instanceof Verdict.AlreadyApproved);
        json.writeStringProperty("approval", words.reason(about.verdict()));
        JsonOutput.textOrNull(json, "lapsed", about.lapsed().map(words::reason).orElse(null));
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
            return words.name(elected.winner()) + ": it " + words.of(elected.why());
        }
        return outcome instanceof Outcome.Kept kept
                ? "no candidate is left; " + words.name(kept.last()) + " is kept"
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
            return "; primary: it " + words.of(elected.why());
        }
        return elected.losers().stream()
                .filter(loss -> loss.node().equals(node))
                .map(loss -> "; standby: " + words.of(loss))
                .findFirst()
                .orElse("; no candidate");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
