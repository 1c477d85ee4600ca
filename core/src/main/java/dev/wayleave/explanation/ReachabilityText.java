package dev.wayleave.explanation;

import dev.wayleave.explanation.Reachability.Note;
import dev.wayleave.explanation.Reachability.Path;
import dev.wayleave.mesh.Names;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints whether traffic passes: the question with the answer before it, then one fact a line. */
final class ReachabilityText {

    /** The largest number of lines of one kind. */
    private static final int LINES = 20;

    private final Names names;
    private final Reachability.Endpoints endpoints;
    private final StringBuilder out = new StringBuilder();

    ReachabilityText(Names names, Reachability.Endpoints endpoints) {
        this.names = names;
        this.endpoints = endpoints;
    }

    String of(Reachability answer) {
        TrafficQuestion question = answer.question();
        out.append(answer.kind() + ": " + text(question) + "\n\n");
        if (answer instanceof Reachability.Partly partly) {
            line("open to", QuestionText.addresses(partly.reachable()) + " of " + question.destination());
        }
        capped(answer.paths(), path -> path(question, path));
        if (answer instanceof Reachability.Partly) {
            line("closed", "the rest of " + question.destination() + ":");
        }
        missing(question, answer.paths(), answer.missing());
        capped(answer.near(), rule -> line("near", rule.text(names, question)));
        // the meaning of a 4via6 address is printed beside it
        List<Note> notes = answer.notes().stream()
                .filter(note -> !(note instanceof Reachability.MapsToSite))
                .toList();
        capped(notes, note -> line(note.title(), note.text(names, question)));
        return out.toString();
    }

    private void line(String title, String text) {
        out.append("  ").append(title).append(" ".repeat(Math.max(0, 8 - title.length())));
        out.append("  ").append(text).append('\n');
    }

    private <T> void capped(Collection<T> values, java.util.function.Consumer<T> each) {
        values.stream().limit(LINES).forEach(each);
        if (values.size() > LINES) {
            line("", "and " + (values.size() - LINES) + " more");
        }
    }

    // The question

    private String text(TrafficQuestion question) {
        return sender(question) + " → " + destination(question.destination()) + ", " + QuestionText.traffic(question);
    }

    private String sender(TrafficQuestion question) {
        String viewer = names.node(question.viewer());
        if (question.behind().isPresent()) {
            return question.behind().get() + " behind " + viewer;
        }
        return viewer + address(question).map(address -> " (" + address + ")").orElse("");
    }

    private Optional<IpAddress> address(TrafficQuestion question) {
        return endpoints.viewerAddresses().stream()
                .filter(address -> address.isIpv4() == question.destination().isIpv4())
                .findFirst();
    }

    private String destination(Prefix destination) {
        String text = QuestionText.prefix(destination);
        Optional<String> site = Via6.of(destination).map(QuestionText::site);
        return endpoints
                .destinationNode()
                .map(names::node)
                .or(() -> site)
                .map(more -> text + " (" + more + ")")
                .orElse(text);
    }

    // Yes

    private void path(TrafficQuestion question, Path path) {
        boolean whole = path.destinations().contains(question.destination())
                || path.hop()
                        .matchedPrefix()
                        .filter(prefix -> path.destinations().contains(prefix))
                        .isPresent();
        line(
                "route",
                path.hop().text(names, question.viewer())
                        + (whole ? "" : ": " + QuestionText.addresses(path.destinations())));
        capped(path.rules(), rule -> line("rule", rule.text(names)));
        if (question.port().isEmpty() && !path.open().isEmpty()) {
            line("open", QuestionText.traffic(question, path.open()));
        }
    }

    // No

    private void missing(TrafficQuestion question, List<Path> answered, List<Obstacle> missing) {
        Set<Hop> closed = new LinkedHashSet<>();
        for (Obstacle each : missing) {
            if (each instanceof Obstacle.NoRuleAt at) {
                closed.add(at.hop());
            }
        }
        // a way of which a part is open is named already
        Set<Hop> named = answered.stream().map(Path::hop).collect(Collectors.toSet());
        capped(
                closed.stream().filter(hop -> !named.contains(hop)).toList(),
                hop -> line("route", hop.text(names, question.viewer())));
        if (!closed.isEmpty()) {
            line("missing", Obstacle.NoRuleAt.text(names, question, closed));
        }
        List<Obstacle> others = missing.stream()
                .filter(each -> !(each instanceof Obstacle.NoRuleAt))
                .toList();
        boolean noWay = closed.isEmpty()
                && !others.isEmpty()
                && others.stream()
                        .allMatch(each -> each instanceof Obstacle.NotApproved || each instanceof Obstacle.NoRoute);
        if (noWay) {
            line("route", "none: no node advertises an approved route to " + rest(answered, question.destination()));
        }
        capped(others, each -> missing(question, each));
    }

    private static String rest(List<Path> answered, Prefix destination) {
        return (answered.isEmpty() ? "" : "the rest of ") + QuestionText.prefix(destination);
    }

    private void missing(TrafficQuestion question, Obstacle missing) {
        String text = missing.text(names, question);
        if (missing instanceof Obstacle.NotSeen not) {
            line("route", "none: " + names.node(question.viewer()) + " does not see " + names.node(not.node()));
        }
        line(missing.title(), missing instanceof Obstacle.NoAddressOfFamily ? text + ": " + addresses(question) : text);
    }

    private String addresses(TrafficQuestion question) {
        if (question.behind().isPresent()) {
            return "it has " + question.behind().get();
        }
        List<IpAddress> own = endpoints.viewerAddresses();
        String viewer = names.node(question.viewer());
        return viewer + " has " + (own.isEmpty() ? "no address" : own.get(0) + " only");
    }
}
