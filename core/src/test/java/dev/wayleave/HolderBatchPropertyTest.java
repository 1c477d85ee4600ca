package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wayleave.election.Candidate;
import dev.wayleave.event.Origin;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** Routes that become effective on many nodes at once against one map of holders for each prefix. */
class HolderBatchPropertyTest {

    private static final List<Prefix> PREFIXES = List.of(
            Prefix.parse("10.0.0.0/8"),
            Prefix.parse("10.0.0.0/16"),
            Prefix.parse("10.1.0.0/16"),
            Prefix.parse("192.168.0.0/24"),
            Prefix.parse("fd00::/8"),
            Prefix.parse("fd7a:115c:a1e0:b1a:0:7:a01:200/120"));

    /** What a prefix has: by holder, whether it is a candidate. */
    private final TreeMap<Prefix, TreeMap<NodeId, Boolean>> twin = new TreeMap<>();

    private static Candidate candidate(NodeId node) {
        return Candidate.builder(node, Instant.EPOCH.plusSeconds(node.value())).build();
    }

    private static RouteState route(Prefix prefix, TreeMap<NodeId, Boolean> holders) {
        return new RouteState(
                prefix,
                ImmutableList.copyOf(holders.keySet()),
                holders.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(entry -> candidate(entry.getKey()))
                        .collect(ImmutableList.toImmutableList()),
                null,
                false,
                Deadline.NEVER);
    }

    @Property
    void everyPrefixHasTheHoldersItHadAndThoseOfTheBatch(
            @ForAll @IntRange(max = 30) int before, @ForAll @IntRange(max = 30) int nodes, @ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < before; i++) {
            twin.computeIfAbsent(PREFIXES.get(random.nextInt(PREFIXES.size())), prefix -> new TreeMap<>())
                    .put(new NodeId(1 + random.nextInt(40)), random.nextBoolean());
        }
        TreePMap<Prefix, RouteState> tree = TreePMap.empty();
        for (Prefix prefix : twin.keySet()) {
            tree = tree.plus(prefix, route(prefix, twin.get(prefix)));
        }
        HolderBatch batch = new HolderBatch();
        TreeSet<Prefix> touched = new TreeSet<>();
        for (int i = 1; i <= nodes; i++) {
            NodeId node = new NodeId(i);
            for (Prefix prefix : PREFIXES) {
                TreeMap<NodeId, Boolean> holders = twin.computeIfAbsent(prefix, key -> new TreeMap<>());
                boolean isPresent = random.nextBoolean();
                if (random.nextInt(3) == 0 && holders.putIfAbsent(node, isPresent) == null) {
                    batch.add(node, prefix, isPresent ? candidate(node) : null);
                    touched.add(prefix);
                }
            }
        }

        PrefixEdits edits = new PrefixEdits(tree);
        batch.applyTo(edits, Origin.time());

        assertThat(edits.toElect(List.of())).extracting(edit -> edit.prefix).containsExactlyElementsOf(touched);
        twin.forEach((prefix, holders) -> assertSame(edits.of(prefix).now(), route(prefix, holders)));
    }

    private static void assertSame(@Nullable RouteState actual, RouteState expected) {
        if (actual == null) {
            assertThat(expected.holders()).isEmpty();
            return;
        }
        assertThat(actual.holders()).isEqualTo(expected.holders());
        assertThat(actual.candidates()).isEqualTo(expected.candidates());
    }
}
