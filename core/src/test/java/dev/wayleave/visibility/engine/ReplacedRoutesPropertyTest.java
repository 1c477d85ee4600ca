package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A map of which a few entries are replaced, against the same map as a {@link TreeMap}. */
class ReplacedRoutesPropertyTest {

    private static final int PEERS = 100;

    private record Sample(SortedMap<NodeId, PeerRoutes> map, TreeMap<NodeId, PeerRoutes> twin) {

        /** Mostly few peers are replaced, so that nothing is copied. */
        static Sample of(Random random) {
            TreeMap<NodeId, PeerRoutes> shared = new TreeMap<>();
            for (int i = random.nextInt(60); i > 0; i--) {
                shared.put(peer(random), routes(random));
            }
            TreeMap<NodeId, PeerRoutes> instead = new TreeMap<>();
            for (int i = random.nextInt(random.nextInt(4) == 0 ? 40 : 6); i > 0; i--) {
                instead.put(peer(random), random.nextBoolean() ? PeerRoutes.NONE : routes(random));
            }
            TreeMap<NodeId, PeerRoutes> twin = new TreeMap<>(shared);
            instead.forEach((peer, routes) -> {
                if (routes.isEmpty()) {
                    twin.remove(peer);
                } else {
                    twin.put(peer, routes);
                }
            });
            return new Sample(
                    ReplacedRoutes.of(
                            ImmutableSortedMap.copyOfSorted(shared), ImmutableSortedMap.copyOfSorted(instead)),
                    twin);
        }
    }

    private static NodeId peer(Random random) {
        return new NodeId(1 + random.nextInt(PEERS));
    }

    private static PeerRoutes routes(Random random) {
        return new PeerRoutes(List.of(Prefix.parse("10.0." + random.nextInt(256) + ".0/24")), List.of());
    }

    private static void assertSameEntries(SortedMap<NodeId, PeerRoutes> map, SortedMap<NodeId, PeerRoutes> twin) {
        assertThat(map.equals(twin)).isTrue();
        assertThat(twin.equals(map)).isTrue();
        assertThat(ImmutableSortedMap.copyOf(twin).equals(map)).isTrue();
        assertThat(map.entrySet().equals(twin.entrySet())).isTrue();
        assertThat(map.hashCode()).isEqualTo(twin.hashCode());
        assertThat(map).hasSize(twin.size()).hasToString(twin.toString());
        assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(twin.entrySet()));
        assertThat(map.keySet().toArray()).isEqualTo(twin.keySet().toArray());
        assertThat(new ArrayList<>(map.values())).isEqualTo(new ArrayList<>(twin.values()));
        TreeMap<NodeId, PeerRoutes> visited = new TreeMap<>();
        map.forEach(visited::put);
        assertThat(visited).isEqualTo(twin);
        if (!twin.isEmpty()) {
            assertThat(map.firstKey()).isEqualTo(twin.firstKey());
            assertThat(map.lastKey()).isEqualTo(twin.lastKey());
        }
    }

    @Property(tries = 200)
    void theMapHasTheEntriesOfACopy(@ForAll Random random) {
        Sample sample = Sample.of(random);

        assertSameEntries(sample.map(), sample.twin());
        for (int number = 1; number <= PEERS + 1; number++) {
            NodeId peer = new NodeId(number);
            PeerRoutes routes = sample.twin().get(peer);
            assertThat(sample.map().get(peer)).isEqualTo(routes);
            assertThat(sample.map().containsKey(peer)).isEqualTo(routes != null);
            assertThat(sample.map().getOrDefault(peer, PeerRoutes.NONE))
                    .isEqualTo(routes == null ? PeerRoutes.NONE : routes);
            Map.Entry<NodeId, PeerRoutes> entry = Map.entry(peer, routes == null ? routes(random) : routes);
            assertThat(sample.map().entrySet().contains(entry)).isEqualTo(routes != null);
            assertThat(sample.map().entrySet().contains(Map.entry(peer, PeerRoutes.NONE)))
                    .isFalse();
        }
    }

    @Property(tries = 200)
    void theMapHasTheRangesOfACopy(@ForAll Random random) {
        Sample sample = Sample.of(random);
        NodeId from = peer(random);
        NodeId to = new NodeId(from.value() + random.nextInt(PEERS));

        assertSameEntries(sample.map().headMap(to), sample.twin().headMap(to));
        assertSameEntries(sample.map().tailMap(from), sample.twin().tailMap(from));
        assertSameEntries(sample.map().subMap(from, to), sample.twin().subMap(from, to));
    }

    @Property(tries = 100)
    void theMapCannotBeChanged(@ForAll Random random) {
        Sample sample = Sample.of(random);
        SortedMap<NodeId, PeerRoutes> map = sample.map();

        assertThatThrownBy(() -> map.put(peer(random), PeerRoutes.NONE))
                .isInstanceOf(UnsupportedOperationException.class);
        if (!map.isEmpty()) {
            NodeId first = map.firstKey();
            assertThatThrownBy(() -> map.remove(first)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.keySet().remove(first)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.values().removeIf(routes -> true))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.entrySet().iterator().next().setValue(PeerRoutes.NONE))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        assertSameEntries(map, sample.twin());
    }

    /** One of four peers is left out, and nothing is copied. */
    @Example
    void keysOfAnotherClassAreNotInIt() {
        ImmutableSortedMap.Builder<NodeId, PeerRoutes> shared = ImmutableSortedMap.naturalOrder();
        for (int number = 1; number <= 4; number++) {
            shared.put(new NodeId(number), routes(new Random(number)));
        }
        SortedMap<NodeId, PeerRoutes> map =
                ReplacedRoutes.of(shared.build(), ImmutableSortedMap.of(new NodeId(2), PeerRoutes.NONE));

        assertThat(map).isInstanceOf(ReplacedRoutes.class).hasSize(3);
        assertThat(map.containsKey("a text")).isFalse();
        assertThat(map.entrySet().contains("a text")).isFalse();
        assertThat(map.get(null)).isNull();
    }

    @Example
    void anEmptyMapHasNoFirstKey() {
        SortedMap<NodeId, PeerRoutes> empty = Sample.of(new Random(1)).map().headMap(new NodeId(1));

        assertThat(empty).isEmpty();
        assertThatThrownBy(empty::firstKey).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(empty::lastKey).isInstanceOf(NoSuchElementException.class);
    }
}
