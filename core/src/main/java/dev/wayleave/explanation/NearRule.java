package dev.wayleave.explanation;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Names;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * An entry of the policy that comes nearest to letting the traffic pass: no other entry differs in fewer ways.
 *
 * @param rule the entry
 * @param differences what keeps it from letting the traffic pass, one or two
 */
public record NearRule(RuleId rule, List<Difference> differences) {

    public NearRule {
        Objects.requireNonNull(rule, "rule");
        differences = Copies.list(differences, "differences");
    }

    /**
     * Prints the entry with all that keeps it from letting the traffic pass.
     *
     * @param names how texts call nodes and entries of the policy
     * @param question the traffic
     * @return for example {@code grants[1], line 3, opens tcp 80 only}
     */
    public String text(Names names, TrafficQuestion question) {
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(question, "question");
        return differences.stream()
                .map(difference -> difference.text(names, question))
                .collect(Collectors.joining("; it ", rule.text(names) + " ", ""));
    }

    /** A condition of a policy entry that keeps the entry from letting traffic pass. */
    public sealed interface Difference extends NamedKind {

        /**
         * Prints the difference.
         *
         * @param names how texts call nodes
         * @param question the traffic that the entry does not let pass
         * @return what follows after the name of the entry, for example {@code opens tcp 80 only}
         */
        String text(Names names, TrafficQuestion question);
    }

    /**
     * It is for other sources.
     *
     * @param sources its sources, in the order of the policy
     */
    @Kind("other-sources")
    public record OtherSources(List<Selector> sources) implements Difference {
        public OtherSources {
            sources = Copies.list(sources, "sources");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "is for " + Texts.first(sources, Selector::text) + " only";
        }
    }

    /** It is for {@code autogroup:self}, which opens devices of the same user only. */
    @Kind("same-user-only")
    public record SameUserOnly() implements Difference {
        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "opens devices of the same user only";
        }
    }

    /**
     * It leads through nodes with one of its tags in {@code via}, and no such node carries the traffic for the viewer.
     *
     * @param tags the tags in {@code via}
     * @param nodes the nodes that have one of the tags
     */
    @Kind("through-tags")
    public record ThroughTags(SortedSet<Tag> tags, SortedSet<NodeId> nodes) implements Difference {
        public ThroughTags {
            tags = Copies.sortedSet(tags, "tags");
            nodes = Copies.sortedSet(nodes, "nodes");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "leads through nodes with " + Texts.first(tags, Tag::value)
                    + (nodes.isEmpty() ? ", and there is none" : " only: " + Texts.first(nodes, names::node));
        }
    }

    /**
     * It opens other traffic.
     *
     * @param open the traffic that it lets in, in the order of the policy
     */
    @Kind("other-traffic")
    public record OtherTraffic(List<Traffic> open) implements Difference {
        public OtherTraffic {
            open = Copies.list(open, "open");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "opens " + QuestionText.traffic(question, open) + " only";
        }
    }

    /** It gives capabilities ({@code app}), and opens no traffic. */
    @Kind("capabilities-only")
    public record CapabilitiesOnly() implements Difference {
        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "gives capabilities, and opens no traffic";
        }
    }

    /**
     * It opens other addresses behind the same router.
     *
     * @param open the addresses of the route that it opens
     */
    @Kind("other-addresses")
    public record OtherAddresses(AddressSet open) implements Difference {
        public OtherAddresses {
            Objects.requireNonNull(open, "open");
        }

        @Override
        public String text(Names names, TrafficQuestion question) {
            Objects.requireNonNull(names, "names");
            Objects.requireNonNull(question, "question");
            return "opens " + QuestionText.addresses(open) + " only";
        }
    }
}
