package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.PeerRoutes;
import dev.wayleave.visibility.ViewerRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Which routes every recorded viewer has of each peer, and what it receives about itself. */
final class RoutesOfViewers implements ConformanceKind {

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.expected().has("perViewer");
    }

    @Override
    public void check(ConformanceCase recorded) {
        RecordedTailnet tailnet = new RecordedTailnet(recorded);
        RecordedTailnet.forEachView(recorded, (name, view) -> {
            ViewerRoutes viewer = tailnet.viewer(name);
            SortedMap<String, PeerRoutesText> expected = new TreeMap<>();
            view.required("peers").forEachEntry((peer, fields) -> {
                PeerRoutesText text =
                        new PeerRoutesText(texts(fields.get("routes")), texts(fields.get("primaryRoutes")));
                if (!text.equals(PeerRoutesText.NONE)) {
                    expected.put(peer, text);
                }
            });
            SortedMap<String, PeerRoutesText> actual = new TreeMap<>();
            viewer.routes().forEach((peer, routes) -> actual.put(tailnet.name(peer), PeerRoutesText.of(routes)));
            assertThat(actual).as("routes of %s", name).isEqualTo(expected);

            List<Prefix> self = new ArrayList<>(viewer.self().effective());
            for (IpAddress address : viewer.self().node().addresses()) {
                self.add(Prefix.of(address, address.isIpv4() ? 32 : 128));
            }
            assertThat(self.stream().sorted().map(Prefix::toString))
                    .as("%s itself", name)
                    .containsExactlyElementsOf(texts(view.required("selfAllowedIPs")));
            assertThat(viewer.selfPrimary().stream().map(Prefix::toString))
                    .as("primary routes of %s itself", name)
                    .containsExactlyElementsOf(texts(view.required("selfPrimaryRoutes")));
        });
    }

    private record PeerRoutesText(List<String> routes, List<String> primary) {

        static final PeerRoutesText NONE = new PeerRoutesText(List.of(), List.of());

        static PeerRoutesText of(PeerRoutes routes) {
            return new PeerRoutesText(
                    routes.all().stream().map(Prefix::toString).toList(),
                    routes.primary().stream().map(Prefix::toString).toList());
        }
    }

    static List<String> texts(JsonNode list) {
        return list == null
                ? List.of()
                : list.values().stream().map(JsonNode::stringValue).toList();
    }
}
