package dev.wayleave.explanation;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Traffic;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

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

    /** What about an entry of the policy keeps it from letting traffic pass. */
    public sealed interface Difference extends NamedKind {}

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
    }

    /** It is for {@code autogroup:self}, which opens devices of the same user only. */
    @Kind("same-user-only")
    public record SameUserOnly() implements Difference {}

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
    }

    /** It gives capabilities ({@code app}), and opens no traffic. */
    @Kind("capabilities-only")
    public record CapabilitiesOnly() implements Difference {}

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
    }
}
