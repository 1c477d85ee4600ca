package dev.wayleave.examples.cli.command;

import dev.wayleave.NodeState;
import dev.wayleave.examples.cli.report.OutageReport;
import dev.wayleave.examples.cli.report.OutageReport.Kind;
import dev.wayleave.examples.cli.source.Tailnet;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.foresight.Outage;
import dev.wayleave.foresight.WhatIf;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what depends on which router. */
@Command(
        name = "what-if",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Shows what would follow if routers went down: which prefixes fail over, and which routes viewers "
                        + "lose.",
        footer = {
            "",
            "The damage is the number of routes that viewers lose, each counted for each viewer. Nodes that are down "
                    + "already make no difference. Without an option: --each-router."
        })
public final class WhatIfCommand implements Runnable {

    /** The options that say what goes down. */
    static final class Question {

        @Option(names = "--down", paramLabel = "NODE", arity = "1..*", description = "These nodes, together.")
        private List<String> down = new ArrayList<>();

        @Option(names = "--user-gone", paramLabel = "USER", description = "A user, with all the user's nodes.")
        private @Nullable String user;

        @Option(names = "--tag-down", paramLabel = "TAG", description = "All nodes with a tag, together.")
        private @Nullable String tag;

        /** Not read: it is what is asked without an option. */
        @SuppressWarnings("unused")
        @Option(names = "--each-router", description = "Each node that carries a route, one at a time.")
        private boolean eachRouter;

        @Option(names = "--each-pair", description = "Each two nodes that can carry the same prefix.")
        private boolean eachPair;
    }

    @Mixin
    private SourceOption asked = new SourceOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @ArgGroup(exclusive = true)
    private Question question = new Question();

    @Override
    public void run() {
        Tailnet tailnet = asked.read();
        WhatIf whatIf = WhatIf.of(tailnet.views());
        Answer answer = answer(tailnet, whatIf);
        output.print(new OutageReport(tailnet, answer.question(), answer.outages(), whatIf), tailnet);
    }

    private record Answer(OutageReport.Question question, List<Outage> outages) {}

    private Answer answer(Tailnet tailnet, WhatIf whatIf) {
        if (!question.down.isEmpty()) {
            List<NodeId> nodes =
                    question.down.stream().map(name -> tailnet.node(name).id()).toList();
            return new Answer(new OutageReport.Question(Kind.DOWN), List.of(whatIf.outage(nodes)));
        }
        if (question.user != null) {
            User user = user(tailnet, question.user);
            Outage outage = whatIf.outage(ownedBy(tailnet, user), whatIf.userGone(user.id()));
            return new Answer(new OutageReport.Question(Kind.USER_GONE, user.name()), List.of(outage));
        }
        if (question.tag != null) {
            Outage outage = whatIf.outage(tagged(tailnet, question.tag));
            return new Answer(new OutageReport.Question(Kind.TAG_DOWN, question.tag), List.of(outage));
        }
        return question.eachPair
                ? new Answer(new OutageReport.Question(Kind.EACH_PAIR), whatIf.eachPair())
                : new Answer(new OutageReport.Question(Kind.EACH_ROUTER), whatIf.eachRouter());
    }

    private static User user(Tailnet tailnet, String typed) {
        List<User> found = tailnet.state().users().named(typed);
        if (found.isEmpty()) {
            found = tailnet.state().users().named(typed + "@");
        }
        if (found.size() != 1) {
            throw new BadInput((found.isEmpty() ? "there is no user `" : "more than one user is `") + typed + "`");
        }
        return found.get(0);
    }

    private static List<NodeId> ownedBy(Tailnet tailnet, User user) {
        return tailnet.state().nodes().values().stream()
                .filter(node -> node.facts().owner().equals(new Owner.OfUser(user.id())))
                .map(NodeState::id)
                .toList();
    }

    private static List<NodeId> tagged(Tailnet tailnet, String typed) {
        try {
            Tag tag = new Tag(typed);
            List<NodeId> nodes = tailnet.state().nodes().values().stream()
                    .filter(node -> node.facts().hasTag(tag))
                    .map(NodeState::id)
                    .toList();
            if (nodes.isEmpty()) {
                throw new BadInput("no node has the tag `" + typed + "`");
            }
            return nodes;
        } catch (IllegalArgumentException malformed) {
            throw new BadInput("`" + typed + "` is not a tag: write tag:NAME");
        }
    }
}
