package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.Prefix;
import dev.wayleave.testing.NaiveFilter;
import dev.wayleave.testing.NaiveVisibility;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Peers, routes and packet filter of every recorded viewer by the slow twins, which the fast answers are held against.
 */
final class SlowTwins implements ConformanceKind {

    @Override
    public String name() {
        return "slow-twins";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.expected().has("perViewer");
    }

    @Override
    public void check(ConformanceCase recorded) {
        RecordedTailnet tailnet = new RecordedTailnet(recorded);
        NaiveVisibility twin = tailnet.slowTwin();
        RecordedTailnet.forEachView(recorded, (viewer, view) -> {
            SortedMap<String, List<String>> expected = new TreeMap<>();
            view.required("peers")
                    .forEachEntry((peer, fields) -> expected.put(peer, RoutesOfViewers.texts(fields.get("routes"))));
            SortedMap<String, List<String>> actual = new TreeMap<>();
            twin.view(tailnet.id(viewer))
                    .forEach((peer, routes) -> actual.put(
                            tailnet.name(peer),
                            routes.stream().map(Prefix::toString).toList()));
            assertThat(actual)
                    .as("peers and routes of %s by the slow twin", viewer)
                    .isEqualTo(expected);
            assertThat(NaiveFilter.filter(twin.permissions(tailnet.id(viewer))))
                    .as("packet filter of %s by the slow twin", viewer)
                    .isEqualTo(PacketFilters.recorded(view));
        });
    }
}
