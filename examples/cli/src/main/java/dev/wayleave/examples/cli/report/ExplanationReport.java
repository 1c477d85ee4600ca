package dev.wayleave.examples.cli.report;

import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.mesh.Names;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the library explains: a route, or whether traffic passes. The library has the words; here they get colours. */
public final class ExplanationReport implements Report {

    /** The word that answers: at the beginning, or in the second column. */
    private static final Pattern ANSWER = Pattern.compile("\\A(yes|no|partly)(?=:)"
            + "|(?m)(?<=^  \\S{1,300} {1,300})"
            + "(yes|no|not yet|primary|standby|kept|waiting|exit node|offline|not approved|not advertised)(?=  |$)");

    private final String text;
    private final Object document;

    private ExplanationReport(String text, Object document) {
        this.text = text;
        this.document = document;
    }

    private record RouteDocument(boolean serving, RouteExplanation explanation, String text) {}

    /** Why a node carries a route, or does not. */
    public static ExplanationReport of(RouteExplanation explanation, Names names) {
        String text = explanation.text(names);
        return new ExplanationReport(text, new RouteDocument(explanation.isServing(), explanation, text));
    }

    private record TrafficDocument(boolean passes, Reachability answer, String text) {}

    /** Whether traffic passes, and which way. */
    public static ExplanationReport of(Reachability answer, Names names) {
        String text = answer.text(names);
        return new ExplanationReport(text, new TrafficDocument(answer.passes(), answer, text));
    }

    @Override
    public String text(Ink ink) {
        return ANSWER.matcher(Printable.lines(text))
                .replaceAll(match -> Matcher.quoteReplacement(paint(ink, match.group())));
    }

    private static String paint(Ink ink, String word) {
        return switch (word) {
            case "yes", "primary", "exit node" -> ink.good(word);
            case "not yet", "standby", "waiting", "kept", "partly" -> ink.waiting(word);
            default -> ink.bad(word);
        };
    }

    @Override
    public Object document() {
        return document;
    }
}
