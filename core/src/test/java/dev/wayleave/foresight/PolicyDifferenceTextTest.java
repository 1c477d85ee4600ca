package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.foresight.PolicyDifference.Access;
import dev.wayleave.foresight.PolicyDifference.Approval;
import dev.wayleave.foresight.PolicyDifference.Cause;
import dev.wayleave.foresight.PolicyDifference.Effect;
import dev.wayleave.foresight.PolicyDifference.Example;
import dev.wayleave.foresight.PolicyDifference.Party;
import dev.wayleave.foresight.PolicyDifference.Place;
import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.Traffic;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words of a difference between two policies. */
class PolicyDifferenceTextTest {

    private static final User ANN =
            User.builder(new UserId("1"), "ann").email("ann@example.com").build();

    private static Party party(Place place, String address, @Nullable User user, String... tags) {
        return new Party(
                place,
                IpAddress.parse(address),
                user,
                new TreeSet<>(Stream.of(tags).map(Tag::new).toList()));
    }

    private static Access access(boolean gain, List<Cause> causes, List<Cause> others, Effect... effects) {
        return new Access(
                gain,
                List.of("group:dev", "bob@"),
                List.of("lan (10.1.0.0/16)"),
                List.of(Traffic.ALL),
                List.of("example.com/cap/x {}"),
                new TreeSet<>(List.of(effects)),
                causes,
                others,
                new Example(
                        party(Place.NODE, "100.64.0.1", ANN),
                        party(Place.BEHIND_ROUTER, "10.1.0.1", null, "tag:a"),
                        Protocol.TCP,
                        22));
    }

    private static Approval approval(boolean gain, List<Prefix> prefixes, List<Prefix> except) {
        return new Approval(
                gain,
                prefixes,
                except,
                List.of("tag:a", "ann@"),
                List.of(new Cause("autoApprovers.exitNode", 7)),
                null,
                new Tag("tag:a"),
                Prefix.parse("10.1.0.0/16"));
    }

    @Test
    void accessHasSendersDestinationsTrafficCapabilitiesAndEffects() {
        assertThat(access(true, List.of(), List.of(), Effect.PEERS, Effect.ROUTE)
                        .text())
                .isEqualTo("group:dev, bob@ → lan (10.1.0.0/16)  *, example.com/cap/x {}, (the nodes see each other), "
                        + "(the sender gets the route)");
    }

    @Test
    void reasonsNameThePolicyAndItsEntries() {
        List<Cause> causes = List.of(new Cause("grants[3]", 14), new Cause("acls[0]", 20));
        List<Cause> others = List.of(new Cause("grants[1]", 9));

        assertThat(access(false, causes, others).reasons())
                .containsExactly(
                        "old policy: grants[3], line 14 and acls[0], line 20",
                        "new policy: only other access: grants[1], line 9");
        assertThat(access(true, causes, List.of()).reasons())
                .containsExactly("new policy: grants[3], line 14 and acls[0], line 20");
    }

    @Test
    void aPolicyWithoutRulesIsAReason() {
        assertThat(access(false, List.of(new Cause("no policy", null)), List.of())
                        .reasons())
                .containsExactly("old policy: it has no rules, so that all traffic is allowed");
    }

    @Test
    void fourEntriesAreNamedAndTheRestIsCounted() {
        List<Cause> causes = IntStream.range(0, 6)
                .mapToObj(entry -> new Cause("grants[" + entry + "]", entry + 1))
                .toList();

        assertThat(access(true, causes, List.of()).reasons())
                .containsExactly("new policy: grants[0], line 1 and grants[1], line 2 and grants[2], line 3 and "
                        + "grants[3], line 4 and 2 more");
    }

    @Test
    void anExampleHasBothEndsAndTheTraffic() {
        Access access = access(true, List.of(), List.of());

        assertThat(access.example().text())
                .isEqualTo("ann@example.com at 100.64.0.1 → 10.1.0.1 behind a router with tag:a, tcp:22");
        assertThat(new Example(access.example().source(), access.example().destination(), Protocol.ICMP, 0).text())
                .endsWith(", icmp");
        assertThat(new Example(access.example().source(), access.example().destination(), null, 0).text())
                .endsWith(" with tag:a");
    }

    @Test
    void anEndIsANodeOrAnAddressBehindOneOrOutside() {
        User admin = User.builder(new UserId("2"), "bob")
                .role(Role.NETWORK_ADMIN)
                .sharedIn(true)
                .build();

        assertThat(party(Place.NODE, "100.64.0.1", admin).text())
                .isEqualTo("bob@ (network-admin) (shared in) at 100.64.0.1");
        assertThat(party(Place.NODE, "100.64.0.1", null, "tag:a", "tag:b").text())
                .isEqualTo("tag:a, tag:b at 100.64.0.1");
        assertThat(party(Place.NODE, "100.64.0.1", null).text()).isEqualTo("a node at 100.64.0.1");
        assertThat(party(Place.BEHIND_ROUTER, "10.1.0.1", null).text()).isEqualTo("10.1.0.1 behind a router");
        assertThat(party(Place.BEHIND_EXIT_NODE, "1.1.1.1", null, "tag:a").text())
                .isEqualTo("1.1.1.1 through an exit node with tag:a");
        assertThat(party(Place.OUTSIDE, "1.1.1.1", null).text()).isEqualTo("1.1.1.1 outside of the tailnet");
    }

    @ParameterizedTest
    @EnumSource
    void eachEffectHasWords(Effect effect) {
        assertThat(access(true, List.of(), List.of(), effect).text()).endsWith(", (" + effect.text() + ")");
        assertThat(effect.text()).isNotBlank();
    }

    @Test
    void anApprovalHasRoutesOwnersAndEntries() {
        List<Prefix> lan = List.of(Prefix.parse("10.0.0.0/8"));
        Approval gained = approval(true, lan, List.of(Prefix.parse("10.1.0.0/16")));

        assertThat(gained.text())
                .isEqualTo("auto-approved on nodes of tag:a, ann@: 10.0.0.0/8 and subnets, except 10.1.0.0/16 and "
                        + "subnets");
        assertThat(gained.reasons()).containsExactly("new policy: autoApprovers.exitNode, line 7");
        assertThat(approval(true, lan, List.of()).text()).endsWith(": 10.0.0.0/8 and subnets");
        assertThat(approval(true, List.of(), List.of()).text()).endsWith(": exit routes");
    }

    @Test
    void aLostApproverTakesNoApprovalAway() {
        assertThat(approval(false, List.of(), List.of()).reasons())
                .containsExactly(
                        "old policy: autoApprovers.exitNode, line 7", "what is approved already stays approved");
    }
}
