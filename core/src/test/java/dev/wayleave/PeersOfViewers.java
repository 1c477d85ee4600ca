package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.NodeId;
import java.util.List;
import java.util.TreeSet;

/** Which peers every recorded viewer sees. */
final class PeersOfViewers implements ConformanceKind {

    @Override
    public String name() {
        return "peers";
    }

    @Override
    public boolean concerns(ConformanceCase recorded) {
        return recorded.expected().has("perViewer");
    }

    @Override
    public void check(ConformanceCase recorded) {
        RecordedTailnet tailnet = new RecordedTailnet(recorded);
        RecordedTailnet.forEachView(recorded, (viewer, view) -> {
            List<String> peers = tailnet.viewer(viewer).peers().stream()
                    .map(tailnet::name)
                    .sorted()
                    .toList();
            assertThat(peers)
                    .as("peers of %s", viewer)
                    .containsExactlyElementsOf(
                            new TreeSet<>(view.required("peers").propertyNames()));
            for (NodeId node :
                    tailnet.rules().nodes().stream().map(access -> access.id()).toList()) {
                assertThat(tailnet.viewer(viewer).sees(node))
                        .as("%s sees %s", viewer, tailnet.name(node))
                        .isEqualTo(peers.contains(tailnet.name(node)));
            }
        });
    }
}
