package dev.wayleave.examples.cli.report;

import dev.wayleave.election.Outcome;
import dev.wayleave.examples.cli.text.Printable;
import dev.wayleave.explanation.Reachability;
import dev.wayleave.explanation.RouteExplanation;
import dev.wayleave.mesh.Names;
import java.util.function.BiFunction;

/**
 * Prints an explanation of the library: a route, or whether traffic passes. The library has the words; here their first
 * line gets the colour of the answer.
 */
public final class ExplanationReport implements Report {

    private final String text;
    private final BiFunction<Ink, String, String> colour;
    private final Object document;

    private ExplanationReport(String text, BiFunction<Ink, String, String> colour, Object document) {
        this.text = text;
        this.colour = colour;
        this.document = document;
    }

    private record RouteDocument(boolean serving, RouteExplanation explanation, String text) {}

    /** The report why a node carries a route, or does not. */
    public static ExplanationReport of(RouteExplanation explanation, Names names) {
        String text = explanation.text(names);
        return new ExplanationReport(
                text, colour(explanation), new RouteDocument(explanation.isServing(), explanation, text));
    }

    private static BiFunction<Ink, String, String> colour(RouteExplanation explanation) {
        boolean isKept = explanation.election().orElse(null) instanceof Outcome.Kept;
        if (explanation.isServing() && !isKept) {
            return Ink::good;
        }
        return explanation.isEffective() ? Ink::waiting : Ink::bad;
    }

    private record TrafficDocument(boolean passes, Reachability answer, String text) {}

    /** Whether traffic passes, and which way. */
    public static ExplanationReport of(Reachability answer, Names names) {
        String text = answer.text(names);
        return new ExplanationReport(text, colour(answer), new TrafficDocument(answer.passes(), answer, text));
    }

    private static BiFunction<Ink, String, String> colour(Reachability answer) {
        if (answer.passes()) {
            return Ink::good;
        }
        return answer.reachable().isEmpty() ? Ink::bad : Ink::waiting;
    }

    @Override
    public String text(Ink ink) {
        String printable = Printable.lines(text);
        int end = printable.indexOf('\n');
        return colour.apply(ink, printable.substring(0, end)) + printable.substring(end);
    }

    @Override
    public Object document() {
        return document;
    }
}
