package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.access.NodeRoutes;
import dev.wayleave.access.RuleId;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Fault;
import dev.wayleave.testing.NaiveFilter;
import dev.wayleave.testing.NaiveFilter.Permission;
import dev.wayleave.testing.NaiveVisibility;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.ViewerRoutes;
import dev.wayleave.visibility.Withheld;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reasons, held against what the slow twin finds at the nodes that they name. */
class ExplanationPropertyTest {

    @Property(tries = 200)
    void everyRouteOfEveryNodeHasAReasonThatIsTrue(@ForAll("tailnets") Tailnets.Elected random) {
        NaiveVisibility naive = new NaiveVisibility(random.tailnet(), random.naiveRoutes(Fault.NONE));
        Visibility fast = Comparison.fast(random.tailnet(), random.routes());
        for (NodeRoutes viewer : random.tailnet().nodes()) {
            ViewerRoutes viewerRoutes = fast.viewer(viewer.node().id()).orElseThrow();
            SortedMap<NodeId, SortedSet<Prefix>> view = naive.view(viewer.node().id());
            Check check = new Check(random, naive, viewer, view);
            int given = 0;
            int withheld = 0;
            for (NodeRoutes peer : random.tailnet().nodes()) {
                NodeId id = peer.node().id();
                for (Prefix prefix : peer.effective()) {
                    RouteAnswer answer = viewerRoutes.explain(id, prefix);
                    boolean expected = view.containsKey(id) && view.get(id).contains(prefix);
                    assertThat(answer.isGiven()).as("%s", answer).isEqualTo(expected);
                    if (peer != viewer) {
                        given += answer.isGiven() ? 1 : 0;
                        withheld += answer.isGiven() ? 0 : 1;
                    }
                    check.answer(peer, prefix, answer);
                }
                assertThat(viewerRoutes.seenByRule(id).isPresent()).isEqualTo(view.containsKey(id));
            }
            assertThat(viewerRoutes.given()).hasSize(given);
            assertThat(viewerRoutes.withheld()).hasSize(withheld);
        }
    }

    private record Check(
            Tailnets.Elected random,
            NaiveVisibility naive,
            NodeRoutes viewer,
            SortedMap<NodeId, SortedSet<Prefix>> view) {

        void answer(NodeRoutes peer, Prefix prefix, RouteAnswer answer) {
            if (answer instanceof RouteAnswer.Given given) {
                given(peer, prefix, given.reason());
            } else if (answer instanceof Withheld withheld) {
                withheld(peer, prefix, withheld.reason());
            }
        }

        private void given(NodeRoutes peer, Prefix prefix, RouteAnswer.GivenReason why) {
            if (why instanceof RouteAnswer.Admitted admitted) {
                assertThat(leads(peer, prefix).stream().map(Permission::rule)).contains(admitted.rule());
            } else if (why instanceof RouteAnswer.PublicDestination part) {
                assertThat(prefix.isExitRoute()).isTrue();
                assertThat(leads(peer, prefix))
                        .anyMatch(permission -> permission.rule().equals(part.rule())
                                && permission.reaches(part.destination(), Fault.NONE));
            } else if (why instanceof RouteAnswer.ReturnPath back) {
                assertThat(primary(prefix)).contains(peer.node().id());
                assertThat(waysBack(prefix).stream().map(Permission::rule)).contains(back.rule());
                assertThat(leads(peer, prefix)).isEmpty();
            } else {
                assertThat(viewer.effective()).contains(prefix);
                assertThat(primary(prefix)).contains(peer.node().id());
            }
        }

        private void withheld(NodeRoutes peer, Prefix prefix, Withheld.Reason reason) {
            if (reason instanceof Withheld.OwnRoute) {
                assertThat(peer).isEqualTo(viewer);
            } else if (reason instanceof Withheld.NotCarrier notCarrier) {
                assertThat(carrier(prefix)).contains(notCarrier.carrier());
                assertThat(primary(prefix).equals(Optional.of(notCarrier.carrier())))
                        .isEqualTo(notCarrier.reason() == Withheld.Precedence.PRIMARY);
            } else if (reason instanceof Withheld.NotAdmitted) {
                assertThat(
                                sharesSubnet(prefix)
                                        ? view.keySet().stream()
                                                .filter(peer.node().id()::equals)
                                                .toList()
                                        : leads(peer, prefix))
                        .isEmpty();
            } else if (reason instanceof Withheld.ViaOtherRouter other) {
                assertThat(leads(peer, prefix)).isEmpty();
                assertThat(isVia(other.rule())).isTrue();
                other.carrier().ifPresent(to -> {
                    assertThat(carrier(prefix)).contains(to);
                    assertThat(leads(random.tailnet().node(to), prefix).stream().map(Permission::rule))
                            .contains(other.rule());
                });
            } else if (reason instanceof Withheld.ViaNoRouter none) {
                assertThat(leads(peer, prefix)).isEmpty();
                assertThat(isVia(none.rule())).isTrue();
                assertThat(random.tailnet().nodes().stream()
                                .filter(node -> node.effective().contains(prefix)
                                        && none.via().stream().anyMatch(node.node()::hasTag)))
                        .isEmpty();
            } else if (reason instanceof Withheld.ViaOverridden lifted) {
                assertThat(isVia(lifted.via())).isTrue();
                assertThat(leads(peer, prefix).stream().map(Permission::rule)).contains(lifted.via(), lifted.plain());
                assertThat(carrier(prefix)).contains(lifted.carrier());
                assertThat(primary(prefix)).contains(lifted.carrier());
                assertThat(leads(random.tailnet().node(lifted.carrier()), prefix))
                        .noneMatch(Permission::via);
            } else {
                assertThat(reason).isEqualTo(new Withheld.Unserved());
                assertThat(carrier(prefix)).isEmpty();
            }
        }

        private boolean sharesSubnet(Prefix prefix) {
            return !prefix.isExitRoute() && viewer.effective().contains(prefix);
        }

        private boolean isVia(RuleId rule) {
            return rule.section() == RuleId.Section.GRANTS
                    && !random.tailnet()
                            .policy()
                            .grants()
                            .orElseThrow()
                            .get(rule.index())
                            .via()
                            .isEmpty();
        }

        private Optional<NodeId> primary(Prefix prefix) {
            return random.routes().get(prefix).primary();
        }

        /** Who carries it for the viewer, which may be the viewer itself. */
        private Optional<NodeId> carrier(Prefix prefix) {
            return sharesSubnet(prefix)
                    ? primary(prefix)
                    : view.entrySet().stream()
                            .filter(entry -> entry.getValue().contains(prefix))
                            .map(entry -> entry.getKey())
                            .findFirst();
        }

        private List<Permission> leads(NodeRoutes peer, Prefix prefix) {
            boolean ledByVia = NaiveFilter.isLedByVia(random.tailnet(), viewer, Fault.NONE);
            return naive.permissions(peer.node().id()).stream()
                    .filter(permission -> permission.admits(viewer, Fault.NONE)
                            && (prefix.isExitRoute()
                                    ? NaiveVisibility.shows(permission.exit(), ledByVia)
                                    : permission.reaches(prefix, Fault.NONE)))
                    .toList();
        }

        private List<Permission> waysBack(Prefix prefix) {
            return naive.permissions(viewer.node().id()).stream()
                    .filter(permission -> permission.isSource(prefix, Fault.NONE))
                    .toList();
        }
    }

    @Provide
    Arbitrary<Tailnets.Elected> tailnets() {
        return Tailnets.any();
    }
}
