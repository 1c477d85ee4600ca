package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wayleave.event.Origin;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.pcollections.TreePMap;

/** Edits beside a tree against a tree that is made anew for each. */
class PrefixEditsPropertyTest {

    /** Enough that all of them are more than a path each is worth. */
    private static final int PREFIXES = 200;

    private static Prefix prefix(int number) {
        return Prefix.parse("10.0." + number % PREFIXES + ".0/24");
    }

    private static RouteState route(int number, long holder) {
        ImmutableList<NodeId> holders = holder % 4 == 0 ? ImmutableList.of() : ImmutableList.of(new NodeId(holder));
        return new RouteState(prefix(number), holders, ImmutableList.of(), null, false, Deadline.NEVER);
    }

    private static TreePMap<Prefix, RouteState> with(TreePMap<Prefix, RouteState> tree, RouteState route) {
        return route.holders().isEmpty() ? tree.minus(route.prefix()) : tree.plus(route.prefix(), route);
    }

    private static void assertSame(PrefixEdits edits, TreePMap<Prefix, RouteState> tree) {
        for (int number = 0; number < PREFIXES; number++) {
            assertThat(edits.of(prefix(number)).now()).isSameAs(tree.get(prefix(number)));
        }
        assertThat(edits.prefixes()).isEqualTo(new HashSet<>(tree.keySet()));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void editsAreWhatATreeWouldBe(
            @ForAll @IntRange(max = PREFIXES) int before,
            @ForAll @Size(max = 4) List<@IntRange(max = 2 * PREFIXES) Integer> submissions,
            @ForAll @IntRange(max = 40) int afterwards,
            @ForAll @IntRange(max = 15) int refused,
            @ForAll long seed) {
        Random random = new Random(seed);
        TreePMap<Prefix, RouteState> tree = TreePMap.empty();
        for (int i = 0; i < before; i++) {
            RouteState route = route(random.nextInt(PREFIXES), 1);
            tree = tree.plus(route.prefix(), route);
        }
        PrefixEdits edits = new PrefixEdits(tree);
        Set<Prefix> accepted = new TreeSet<>();
        int holder = 1;
        for (int i = 0; i < submissions.size(); i++) {
            TreePMap<Prefix, RouteState> mark = tree;
            Set<Prefix> edited = new TreeSet<>();
            edits.begin();
            for (int j = 0; j < submissions.get(i); j++) {
                RouteState route = route(random.nextInt(PREFIXES), ++holder);
                edits.put(edits.of(route.prefix()), route, Origin.time());
                tree = with(tree, route);
                edited.add(route.prefix());
            }
            assertSame(edits, tree);
            if ((refused >> i & 1) == 1) {
                edits.undo();
                tree = mark;
            } else {
                edits.accept();
                accepted.addAll(edited);
            }
            assertSame(edits, tree);
        }
        for (int i = 0; i < afterwards; i++) {
            RouteState route = route(random.nextInt(PREFIXES), ++holder);
            edits.put(edits.of(route.prefix()), route, Origin.time());
            tree = with(tree, route);
            accepted.add(route.prefix());
        }
        assertSame(edits, tree);

        List<PrefixEdits.Edit> toElect = edits.toElect(List.of());
        TreePMap<Prefix, RouteState> built = edits.build(toElect.stream()
                .map(edit -> new ElectedPrefix(edit.prefix, edit.before, edit.now()))
                .toList());

        assertThat(toElect).extracting(edit -> edit.prefix).containsExactlyElementsOf(accepted);
        assertThat(List.copyOf(built.keySet())).isEqualTo(List.copyOf(tree.keySet()));
        for (Prefix prefix : tree.keySet()) {
            assertThat(built.get(prefix)).isSameAs(tree.get(prefix));
        }
        Statistics.label("more than a path each is worth")
                .collect(accepted.size() > 64)
                .coverage(coverage -> {
                    coverage.check(true).percentage(share -> share > 20);
                    coverage.check(false).percentage(share -> share > 2);
                });
    }
}
