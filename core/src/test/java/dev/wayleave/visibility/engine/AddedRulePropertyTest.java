package dev.wayleave.visibility.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import dev.wayleave.access.ExitRule;
import dev.wayleave.access.NodeRoutes;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.policy.Protocol;
import dev.wayleave.testing.Fault;
import dev.wayleave.testing.NaiveFilter.Kind;
import dev.wayleave.testing.NaivePackets;
import dev.wayleave.testing.NaivePackets.Packet;
import dev.wayleave.testing.NaivePackets.Way;
import dev.wayleave.testing.NaiveVisibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Rules only ever allow: a rule that is added, and has no {@code via}, never turns a yes into a no. There is one
 * exception. A packet that arrived because of a rule which holds at some routers only – one with {@code via}, or
 * under {@link ExitRule#REACHABLE} one for an exit node itself – may take another way, where the viewer now has an
 * equal or narrower prefix at another router.
 *
 * <p>What lies behind the viewer itself needs no rule and is not looked at. The first rule of a policy that has none is
 * no addition.
 */
class AddedRulePropertyTest {

    /** A part of what {@link VisibilitySoakTest} looks at. */
    private static final int TAILNETS = 250;

    private static final Protocol ICMP_OF_IPV6 = new Protocol(58);

    @Property(tries = TAILNETS)
    @StatisticsReport(onFailureOnly = true)
    void anAddedRuleTakesNothingAway(@ForAll("steps") Tailnets.Step step) {
        Result result = check(step);
        assertThat(result.lost()).isEmpty();
        collect("packets go on arriving", result.kept() > 0, 30);
        // rare: whether it happens at all is looked at by VisibilitySoakTest, with many more tailnets
        collect("packets take another way", !result.rerouted().isEmpty(), 0);
    }

    private static void collect(String label, boolean happened, double percent) {
        Statistics.label(label)
                .collect(happened)
                .coverage(all -> all.check(true).percentage(share -> share >= percent));
    }

    /**
     * What became of the packets that arrived before.
     *
     * @param lost those that arrive no more
     * @param rerouted those that arrive no more and may do so: the exception
     * @param kept the number of those that go on arriving
     */
    record Result(List<String> lost, List<String> rerouted, int kept) {}

    static Result check(Tailnets.Step step) {
        Case before = new Case(step.before());
        Case after = new Case(step.after());
        List<String> lost = new ArrayList<>();
        List<String> rerouted = new ArrayList<>();
        int kept = 0;
        for (IpAddress to : NaivePackets.destinations(step.after().tailnet())) {
            for (NodeRoutes node : step.before().tailnet().nodes()) {
                Way had = before.packets.way(node.node().id(), to);
                if (had.routers().isEmpty()
                        || had.routers().contains(node.node().id())) {
                    continue;
                }
                Way has = after.packets.way(node.node().id(), to);
                for (Packet packet : packets(node.node().id(), to)) {
                    if (before.packets.arrives(packet, had)) {
                        if (after.packets.arrives(packet, has)) {
                            kept++;
                        } else {
                            boolean mayBe = before.holdsAtSomeRouters(packet, had)
                                    && after.isAnotherWay(node, before.letIn(packet, had), has);
                            (mayBe ? rerouted : lost).add(packet + " went " + had + " and goes " + has);
                        }
                    }
                }
            }
        }
        return new Result(lost, rerouted, kept);
    }

    private static List<Packet> packets(NodeId viewer, IpAddress to) {
        return List.of(
                new Packet(viewer, to, Protocol.TCP, 22),
                new Packet(viewer, to, Protocol.TCP, 443),
                new Packet(viewer, to, Protocol.UDP, 8080),
                new Packet(viewer, to, to.isIpv4() ? Protocol.ICMP : ICMP_OF_IPV6, 0));
    }

    private static final class Case {
        final Tailnets.Elected elected;
        final NaivePackets packets;
        /** Worked out once, and only if a packet arrives no more: many packets of one tailnet may ask. */
        private final Supplier<NaiveVisibility> twin;

        Case(Tailnets.Elected elected) {
            this.elected = elected;
            Visibility fast = Comparison.fast(elected.tailnet(), elected.routes());
            this.packets = new NaivePackets(elected.tailnet(), Comparison.views(fast));
            this.twin = Suppliers.memoize(() -> new NaiveVisibility(elected.tailnet(), elected.routes()));
        }

        /** The same way, with those of its exit nodes alone that let the packet in. */
        Way letIn(Packet packet, Way way) {
            return new Way(
                    way.over(),
                    way.routers().stream()
                            .filter(router ->
                                    packets.arrives(packet, new Way(way.over(), new TreeSet<>(Set.of(router)))))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        /** Whether only rules let the packet in that do not hold at every router alike. */
        boolean holdsAtSomeRouters(Packet packet, Way way) {
            IpAddress from = packets.source(packet).orElseThrow();
            return way.routers().stream()
                    .flatMap(router -> twin.get().permissions(router).stream())
                    .filter(permission -> permission.passes(from, packet.to(), packet.protocol(), packet.port()))
                    .noneMatch(permission -> permission.kind() == Kind.PLAIN);
        }

        /**
         * Whether the viewer now has, at another router, a narrower prefix, or the same because a rule
         * overrides {@code via}: a plain one, or one that opens the router as an exit node.
         */
        boolean isAnotherWay(NodeRoutes viewer, Way had, Way has) {
            if (has.routers().isEmpty() || had.routers().containsAll(has.routers())) {
                return false;
            }
            boolean lifted = has.routers().stream()
                    .flatMap(router -> twin.get().permissions(router).stream())
                    .anyMatch(permission -> permission.kind() != Kind.VIA
                            && permission.admits(viewer, Fault.NONE)
                            && permission.reaches(has.over(), Fault.NONE));
            // the address of a node that the viewer now sees is narrower than any route to it
            boolean ofNode = has.over().isSingleAddress()
                    && has.routers().stream()
                            .anyMatch(to -> elected.tailnet()
                                    .node(to)
                                    .node()
                                    .addresses()
                                    .contains(has.over().first()));
            return had.over().contains(has.over())
                    && (lifted || ofNode || !had.over().equals(has.over()));
        }
    }

    @Provide
    Arbitrary<Tailnets.Step> steps() {
        return Tailnets.withOneRuleMore();
    }
}
