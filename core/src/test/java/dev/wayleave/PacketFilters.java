package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PortRange;
import dev.wayleave.testing.NaiveFilter.RuleText;
import dev.wayleave.visibility.engine.Comparison;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What every recorded viewer's own packet filter lets in. */
final class PacketFilters implements ConformanceKind {

    @Override
    public String name() {
        return "filters";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.expected().has("perViewer");
    }

    @Override
    public void check(ConformanceCase recorded) {
        RecordedTailnet tailnet = new RecordedTailnet(recorded);
        RecordedTailnet.forEachView(recorded, (viewer, view) -> {
            assertThat(Comparison.filter(tailnet.rules().filter(tailnet.id(viewer))))
                    .as("packet filter of %s", viewer)
                    .isEqualTo(recorded(view));
        });
    }

    /** The rules of a recorded filter that let packets in. */
    static Set<RuleText> recorded(JsonNode view) {
        Set<RuleText> rules = new HashSet<>();
        for (JsonNode rule : view.required("packetFilter")) {
            if (rule.has("dsts")) {
                assertThat(rules.add(rule(rule))).as("rules are joined").isTrue();
            }
        }
        return rules;
    }

    private static RuleText rule(JsonNode rule) {
        List<String> sources = rule.required("srcs").values().stream()
                .map(JsonNode::stringValue)
                .sorted()
                .toList();
        TreeMap<String, TreeSet<PortRange>> destinations = new TreeMap<>();
        for (JsonNode destination : rule.required("dsts")) {
            TreeSet<PortRange> ports = new TreeSet<>();
            for (JsonNode range : destination.required("ports")) {
                ports.add(new PortRange(range.get(0).intValue(), range.get(1).intValue()));
            }
            destinations.put(destination.required("ip").stringValue(), ports);
        }
        Integer protocol = null;
        if (rule.has("protos")) {
            assertThat(rule.get("protos").size()).as("protocols of a rule").isEqualTo(1);
            protocol = rule.get("protos").get(0).intValue();
        }
        return new RuleText(sources, protocol, destinations);
    }
}
