package dev.wayleave.explanation;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.election.Loss;
import dev.wayleave.election.Outcome;
import dev.wayleave.explanation.RouteExplanation.Holder;
import dev.wayleave.explanation.RouteExplanation.Line;
import dev.wayleave.explanation.RouteExplanation.Offer;
import dev.wayleave.explanation.RouteExplanation.Remedy;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Prints the life of one route, step by step, and what every node that offers it is to it. */
final class ExplanationText {

    private static final String EXIT = "every exit node offers its own exit routes, and none is elected";

    private final Names names;
    private final StringBuilder out = new StringBuilder();

    ExplanationText(Names names) {
        this.names = names;
    }

    /** The rank of a node for a route, with the reason. */
    private record Rank(String name, String reason) {}

    String of(RouteExplanation about) {
        out.append(about.prefix() + " at " + names.node(about.node()) + " (" + about.node() + ", "
                + about.subject().ownerName() + ")\n\n");
        Via6.of(about.prefix()).ifPresent(via -> row("stands for", "4via6", via.toString()));
        lines(about).forEach(line -> row(line.question(), line.answer(), line.reason()));
        offers(about);
        about.wider()
                .ifPresent(wider -> out.append(
                        "It lies inside " + wider.prefix() + ", which " + names.node(wider.primary()) + " carries.\n"));
        List<Remedy> remedies = about.remedies();
        if (!remedies.isEmpty()) {
            out.append(remedies.stream()
                    .map(Remedy::text)
                    .collect(Collectors.joining(",\nor ", "\nTo have it approved, ", ".\n")));
        }
        return out.toString();
    }

    List<Line> lines(RouteExplanation about) {
        return List.of(advertised(about), approved(about), serving(about));
    }

    private static Line advertised(RouteExplanation about) {
        if (about.advertised()) {
            return new Line("advertised", "yes", "");
        }
        String others = Texts.first(about.subject().advertised(), Prefix::toString);
        return new Line(
                "advertised", "no", others.isEmpty() ? "the node advertises nothing" : "the node advertises " + others);
    }

    private Line approved(RouteExplanation about) {
        Verdict verdict = about.verdict();
        if (verdict instanceof Verdict.AlreadyApproved) {
            String lapsed = about.lapsed().map(this::lapsed).orElse("");
            return new Line("approved", "yes", verdict.text(names) + lapsed);
        }
        if (verdict instanceof Verdict.ApprovedByPolicy) {
            return new Line(
                    "approved",
                    "not yet",
                    about.advertised()
                            ? verdict.textIfAdvertised(names)
                            : "as soon as it is advertised: " + verdict.text(names));
        }
        return new Line("approved", "no", verdict.text(names));
    }

    private String lapsed(Verdict today) {
        String stays = "; that approver no longer names the node, and the approval stays until it is revoked";
        return today instanceof Verdict.ApprovedByPolicy
                ? stays + "; today it would be approved " + today.text(names)
                : stays;
    }

    private Line serving(RouteExplanation about) {
        Rank rank = rank(about, about.node(), about.advertised(), about.verdict());
        return switch (rank.name()) {
            case "not advertised", "unused" -> new Line("serving", "no", "a route has to be advertised first");
            case "not approved" -> new Line("serving", "no", "a route has to be approved first");
            case "exit node" -> new Line("serving", "yes", rank.reason());
            case "offline" -> new Line("serving", "no", rank.reason());
            default -> new Line("serving", rank.name(), rank.reason());
        };
    }

    private void offers(RouteExplanation about) {
        List<Offer> offers = about.offers();
        boolean alone = offers.stream().allMatch(offer -> offer.node().equals(about.node()));
        if (alone) {
            out.append((offers.isEmpty() ? "\nNo node offers " : "\nNo other node offers ") + about.prefix() + ".\n");
            return;
        }
        boolean unserved =
                about.election().filter(outcome -> outcome.primary().isEmpty()).isPresent();
        out.append("\nNodes that offer ").append(about.prefix()).append(unserved ? " (unserved)\n" : "\n");
        int nodes = widest(offers, offer -> name(offer).length());
        int ranks = widest(offers, offer -> rank(about, offer).name().length());
        for (Offer offer : offers) {
            Rank rank = rank(about, offer);
            line(name(offer), nodes, rank.name(), ranks, rank.reason());
        }
    }

    private static int widest(List<Offer> offers, ToIntFunction<Offer> width) {
        return offers.stream().mapToInt(width).max().orElse(0);
    }

    private String name(Offer offer) {
        return names.node(offer.node()) + " (" + offer.node() + ")";
    }

    private Rank rank(RouteExplanation about, Offer offer) {
        return rank(about, offer.node(), offer.advertised(), offer.verdict());
    }

    private Rank rank(RouteExplanation about, NodeId node, boolean advertised, Verdict verdict) {
        boolean approved = verdict instanceof Verdict.AlreadyApproved;
        if (!advertised) {
            return approved
                    ? new Rank("unused", "approved, but the node does not advertise it")
                    : new Rank("not advertised", "a route has to be advertised first");
        }
        if (!approved) {
            return new Rank("not approved", verdict.textIfAdvertised(names));
        }
        return rank(about, about.holder(node).orElseThrow());
    }

    private Rank rank(RouteExplanation about, Holder holder) {
        NodeId node = holder.node();
        return about.election()
                .map(outcome -> new Rank(
                        about.rank(node).orElseThrow(), outcome.text(names, node) + condition(outcome, holder)))
                .orElseGet(() -> new Rank("exit node", EXIT + grace(holder) + fitness(holder)));
    }

    /** What the election made of a node on which the prefix is effective, in one word. */
    static String rank(Outcome outcome, NodeId node) {
        if (outcome.primary().filter(node::equals).isPresent()) {
            return outcome instanceof Outcome.Kept ? "kept" : "primary";
        }
        return outcome instanceof Outcome.Elected elected
                        && elected.losers().stream()
                                .anyMatch(loss -> loss.node().equals(node))
                ? "standby"
                : "offline";
    }

    /** How a node is, what it is to the prefix, and why. */
    String holder(RouteExplanation about, Holder holder) {
        Rank rank = rank(about, holder);
        String liveness = Texts.word(holder.liveness());
        return liveness + (rank.name().equals(liveness) ? "" : "; " + rank.name()) + ": " + rank.reason();
    }

    /** What a node that is not well suffers from, as far as the outcome does not name it for the node. */
    private static String condition(Outcome outcome, Holder holder) {
        boolean isNamed = outcome instanceof Outcome.Elected elected
                && elected.losers().stream()
                        .anyMatch(loss ->
                                loss instanceof Loss.WorseClass && loss.node().equals(holder.node()));
        if (isNamed) {
            boolean drainIsNamed = holder.candidateClass() == CandidateClass.DRAINING;
            return grace(holder) + (drainIsNamed ? "" : drain(holder));
        }
        boolean hasRivals = outcome instanceof Outcome.Elected elected
                && elected.winner().equals(holder.node())
                && !elected.losers().isEmpty();
        String fitness = fitness(holder);
        return grace(holder) + fitness + (fitness.isEmpty() || !hasRivals ? "" : ", and no other candidate is better");
    }

    /** Why a node is not of the best class. Of a node that is offline only the drain: it goes on until it ends. */
    private static String fitness(Holder holder) {
        boolean isOfClass = holder.liveness() != Liveness.OFFLINE
                && holder.candidateClass() != CandidateClass.HEALTHY
                && holder.candidateClass() != CandidateClass.DRAINING;
        return (isOfClass ? "; it " + holder.candidateClass().text() : "") + drain(holder);
    }

    /** Names the drain, also where the class of the node is worse. */
    private static String drain(Holder holder) {
        return holder.drain().isPresent() ? "; it " + CandidateClass.DRAINING.text() : "";
    }

    private static String grace(Holder holder) {
        return holder.liveness() == Liveness.GRACE
                ? "; it has no session now, and its grace "
                        + holder.graceUntil().map(until -> "ends at " + until).orElse("has no end here")
                : "";
    }

    private void row(String question, String answer, String reason) {
        line(question, 10, answer, 7, reason);
    }

    private void line(String first, int firstWidth, String second, int secondWidth, String third) {
        out.append("  ").append(first).append(" ".repeat(Math.max(0, firstWidth - first.length())));
        out.append("  ").append(second);
        if (!third.isEmpty()) {
            out.append(" ".repeat(Math.max(0, secondWidth - second.length())) + "  " + third);
        }
        out.append('\n');
    }

    // A viewer

    String of(ViewExplanation about) {
        String carriers = Texts.first(about.carriers(), names::node);
        out.append(about.prefix() + " for " + names.node(about.viewer())
                + (carriers.isEmpty() ? " leads nowhere" : " leads to " + carriers) + "\n\n");
        int nodes = about.offers().stream()
                .mapToInt(offer -> names.node(offer.holder().node()).length())
                .reduce(10, Math::max);
        elected(about, nodes);
        for (ViewExplanation.Offer offer : about.offers()) {
            RouteExplanation.Holder holder = offer.holder();
            String state = Texts.word(holder.liveness())
                    + holder.graceUntil().map(until -> " until " + until).orElse("");
            line(
                    names.node(holder.node()),
                    nodes,
                    offer.answer().isGiven() ? "given" : "withheld",
                    8,
                    offer.answer().text(names, about.viewer()) + "; " + state + fitness(holder));
        }
        return out.toString();
    }

    private void elected(ViewExplanation about, int nodes) {
        if (about.prefix().isExitRoute()) {
            line("elected", nodes, "never", 8, EXIT);
            return;
        }
        Optional<NodeId> primary = about.election().flatMap(Outcome::primary);
        String reason = about.election()
                .map(outcome -> primary.map(node -> outcome.text(names, node)).orElseGet(() -> outcome.text(names)))
                .orElse("it is effective on no node");
        line("elected", nodes, primary.map(names::node).orElse("none"), 8, reason);
    }
}
