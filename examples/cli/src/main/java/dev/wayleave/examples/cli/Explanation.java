package dev.wayleave.examples.cli;

import dev.wayleave.approval.Verdict;
import dev.wayleave.election.Outcome;
import dev.wayleave.mesh.Liveness;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.User;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The life of one route at one node, step by step, and how everybody else stands who offers it. */
final class Explanation {

    private final Tailnet tailnet;
    private final Decisions decisions;
    private final Prefix route;
    private final Ink ink;
    private final Reasons reasons;
    private final StringBuilder text = new StringBuilder();

    private Explanation(Tailnet tailnet, Prefix route, Ink ink) {
        this.tailnet = tailnet;
        this.decisions = new Decisions(tailnet);
        this.route = route;
        this.ink = ink;
        this.reasons = new Reasons(id -> tailnet.node(id).name());
    }

    static String of(Tailnet tailnet, Device device, Prefix route, Ink ink) {
        return new Explanation(tailnet, route, ink).about(device);
    }

    /** How far a route has come at a node. */
    private enum Stage {
        NOT_OFFERED("not advertised"),
        NOT_APPROVED("not approved"),
        WAITING("waiting"),
        OFFLINE("offline"),
        STANDBY("standby"),
        PRIMARY("primary"),
        EXIT_NODE("exit node");

        private final String words;

        Stage(String words) {
            this.words = words;
        }

        boolean serves() {
            return this == PRIMARY || this == EXIT_NODE;
        }
    }

    /** A stage, and why the route has come so far and no farther. */
    private record Standing(Stage stage, String reason) {}

    private Standing standing(Device device) {
        Verdict verdict = decisions.verdict(device, route);
        boolean advertised = device.advertised().contains(route);
        if (!advertised) {
            return verdict instanceof Verdict.AlreadyApproved
                    ? new Standing(Stage.WAITING, "approved, but the node does not advertise it")
                    : new Standing(Stage.NOT_OFFERED, "a route has to be advertised first");
        }
        if (!decisions.effective(device).contains(route)) {
            return new Standing(Stage.NOT_APPROVED, reasons.of(verdict));
        }
        if (route.isExitRoute()) {
            return new Standing(Stage.EXIT_NODE, "every exit node offers its own, and nobody is elected");
        }
        if (device.liveness() == Liveness.OFFLINE) {
            return new Standing(Stage.OFFLINE, "it is offline, and therefore no candidate");
        }
        return elected(device.node().id());
    }

    private Standing elected(NodeId candidate) {
        if (!(decisions.outcome(route).orElseThrow() instanceof Outcome.Elected outcome)) {
            throw new IllegalStateException("an election with candidates elects");
        }
        return outcome.losers().stream()
                .filter(loss -> loss.node().equals(candidate))
                .findFirst()
                .map(loss -> new Standing(Stage.STANDBY, reasons.of(loss)))
                .orElseGet(() -> new Standing(Stage.PRIMARY, reasons.of(outcome.why())));
    }

    private String about(Device device) {
        text.append(ink.strong(route + " at " + Printable.line(device.node().name())));
        text.append(ink.faint(" (" + device.node().id() + ", " + Printable.line(tailnet.owners(device.node())) + ")"));
        text.append("\n\n");
        Via6.of(route).ifPresent(via -> step("stands for", "4via6", via.toString(), ink::strong));
        describeAdvertised(device);
        Verdict verdict = decisions.verdict(device, route);
        describeApproved(device, verdict);
        describeServing(standing(device));
        describeOthers(device);
        describeWider();
        if (!verdict.isApproved()) {
            text.append("\nTo have it approved, ")
                    .append(advice(device.node(), verdict))
                    .append(".\n");
        }
        return text.toString();
    }

    private void describeAdvertised(Device device) {
        if (device.advertised().contains(route)) {
            step("advertised", "yes", "", ink::good);
            return;
        }
        String others = device.advertised().stream().map(Prefix::toString).collect(Collectors.joining(", "));
        step(
                "advertised",
                "no",
                others.isEmpty() ? "the node advertises nothing" : "the node advertises " + others,
                ink::bad);
    }

    private void describeApproved(Device device, Verdict verdict) {
        if (!verdict.isApproved()) {
            step("approved", "no", reasons.of(verdict), ink::bad);
        } else if (decisions.approved(device).contains(route)) {
            step("approved", "yes", reasons.of(verdict), ink::good);
        } else {
            step("approved", "not yet", "as soon as it is advertised: " + reasons.of(verdict), ink::waiting);
        }
    }

    private void describeServing(Standing standing) {
        switch (standing.stage()) {
            case NOT_APPROVED -> step("serving", "no", "a route has to be approved first", ink::bad);
            case NOT_OFFERED, WAITING -> step("serving", "no", "a route has to be advertised first", ink::bad);
            case OFFLINE -> step("serving", "no", standing.reason(), ink::bad);
            case STANDBY -> step("serving", "standby", standing.reason(), ink::waiting);
            case PRIMARY -> step("serving", "primary", standing.reason(), ink::good);
            case EXIT_NODE -> step("serving", "yes", standing.reason(), ink::good);
        }
    }

    private void step(String question, String answer, String reason, UnaryOperator<String> paint) {
        line(question, answer, reason, paint, 10, 7);
    }

    private void describeOthers(Device device) {
        List<Device> offering = tailnet.devices().stream()
                .filter(each -> standing(each).stage() != Stage.NOT_OFFERED)
                .toList();
        if (offering.isEmpty() || offering.equals(List.of(device))) {
            text.append(offering.isEmpty() ? "\nNobody offers " : "\nNobody else offers ")
                    .append(route)
                    .append(".\n");
            return;
        }
        boolean unserved = decisions
                .outcome(route)
                .filter(Outcome.Unserved.class::isInstance)
                .isPresent();
        text.append("\nWho offers ").append(route).append(unserved ? " (unserved: no candidate is left)\n" : "\n");
        int names = widest(offering, each -> Printable.line(each.node().toString()));
        int stages = widest(offering, each -> standing(each).stage().words);
        for (Device each : offering) {
            Standing standing = standing(each);
            UnaryOperator<String> paint = standing.stage().serves() ? ink::good : ink::faint;
            line(
                    Printable.line(each.node().toString()),
                    standing.stage().words,
                    standing.reason(),
                    paint,
                    names,
                    stages);
        }
    }

    private static int widest(List<Device> devices, Function<Device, String> text) {
        return devices.stream().map(text).mapToInt(String::length).max().orElse(0);
    }

    /** A packet takes the longest match: who carries the narrowest wider prefix matters where this one is not served. */
    private void describeWider() {
        tailnet.devices().stream()
                .flatMap(device -> decisions.serving(device).stream()
                        .filter(wider -> wider.contains(route) && !wider.equals(route) && !wider.isExitRoute())
                        .map(wider -> Map.entry(wider, device)))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .ifPresent(entry -> text.append("It lies inside ")
                        .append(entry.getKey())
                        .append(", which ")
                        .append(Printable.line(entry.getValue().node().name()))
                        .append(" serves.\n"));
    }

    private void line(
            String first, String second, String third, UnaryOperator<String> paint, int firstWidth, int secondWidth) {
        text.append("  ").append(first).append(" ".repeat(Math.max(0, firstWidth - first.length())));
        text.append("  ").append(paint.apply(second));
        if (!third.isEmpty()) {
            text.append(" ".repeat(Math.max(0, secondWidth - second.length())))
                    .append("  ")
                    .append(Printable.line(third));
        }
        text.append('\n');
    }

    private String advice(Node node, Verdict verdict) {
        String byHand = "let an administrator approve it";
        String owner = Printable.line(approverText(node));
        String approver = "`" + owner + "`";
        if (verdict instanceof Verdict.NoKeyCovers) {
            return byHand + ",\nor add \"" + route + "\": [\"" + owner + "\"] to autoApprovers.routes";
        }
        if (verdict instanceof Verdict.NoApproverNamesNode unnamed) {
            return byHand + ",\nor name " + approver + " under `"
                    + unnamed.keys().get(0) + "` in autoApprovers.routes";
        }
        if (verdict instanceof Verdict.NoExitNodeApprover || verdict instanceof Verdict.NoExitNodeApproverNamesNode) {
            return byHand + ",\nor name " + approver + " in autoApprovers.exitNode";
        }
        return byHand;
    }

    private String approverText(Node node) {
        if (node.owner() instanceof Owner.OfUser owner) {
            User user = tailnet.owner(owner);
            return user.email().orElse(user.name() + "@");
        }
        return node.owner() instanceof Owner.Tagged tagged
                ? tagged.tags().first().value()
                : "";
    }
}
