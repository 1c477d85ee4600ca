package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.net.IpAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTest {

    private static final IpAddress IPV4 = IpAddress.parse("100.64.0.1");
    private static final IpAddress IPV6 = IpAddress.parse("fd7a:115c:a1e0::1");
    private static final Instant LATER = Instant.parse("2026-01-02T03:04:05Z");

    private static final Node NODE = Node.builder(new NodeId(17), "router-a", Owner.tags("tag:router"))
            .hostKey("key-17")
            .address(IPV6)
            .address(IPV4)
            .registeredAt(LATER)
            .keyExpiry(LATER.plusSeconds(1))
            .ephemeral(true)
            .build();

    @Test
    void aNodeStartsWithoutAddressesAndWithAKeyThatNeverExpires() {
        Node node = Node.builder(new NodeId(17), "router-a", Owner.user(new UserId("7")))
                .build();
        assertThat(node.hostKey()).isEqualTo("17");
        assertThat(node.addresses()).isEmpty();
        assertThat(node.registeredAt()).isEqualTo(Instant.EPOCH);
        assertThat(node.keyExpiry()).isEmpty();
        assertThat(node.isEphemeral()).isFalse();
    }

    @Test
    void aNodeHoldsTheFactsOfItsBuilder() {
        assertThat(NODE.id()).isEqualTo(new NodeId(17));
        assertThat(NODE.hostKey()).isEqualTo("key-17");
        assertThat(NODE.name()).isEqualTo("router-a");
        assertThat(NODE.owner()).isEqualTo(Owner.tags("tag:router"));
        assertThat(NODE.ipv4()).contains(IPV4);
        assertThat(NODE.ipv6()).contains(IPV6);
        assertThat(NODE.registeredAt()).isEqualTo(LATER);
        assertThat(NODE.keyExpiry()).contains(LATER.plusSeconds(1));
        assertThat(NODE.isEphemeral()).isTrue();
        assertThat(NODE).hasToString("router-a (17)");
    }

    @Test
    void aNodeTellsItsIpv4AddressFirst() {
        assertThat(NODE.addresses()).containsExactly(IPV4, IPV6);
    }

    @Test
    void aNodeHasOneAddressOfEachFamily() {
        IpAddress other = IpAddress.parse("100.64.0.2");
        assertThat(NODE.toBuilder().address(other).build().addresses()).containsExactly(other, IPV6);
        assertThat(NODE.toBuilder().noAddresses().build().addresses()).isEmpty();
    }

    @Test
    void aNodeKnowsItsTags() {
        Tag router = new Tag("tag:router");
        assertThat(NODE.hasTag(router)).isTrue();
        assertThat(NODE.hasTag(new Tag("tag:exit"))).isFalse();
        assertThat(NODE.toBuilder().owner(Owner.user(new UserId("7"))).build().hasTag(router))
                .isFalse();
    }

    @Test
    void aNodeEqualsACopyAndDiffersByEachFact() {
        assertThat(NODE.toBuilder().build()).isEqualTo(NODE).hasSameHashCodeAs(NODE);
        assertThat(List.of(
                        Node.builder(new NodeId(18), "router-a", Owner.tags("tag:router"))
                                .hostKey("key-17")
                                .address(IPV6)
                                .address(IPV4)
                                .registeredAt(LATER)
                                .keyExpiry(LATER.plusSeconds(1))
                                .ephemeral(true)
                                .build(),
                        NODE.toBuilder().hostKey("key-18").build(),
                        NODE.toBuilder().name("router-b").build(),
                        NODE.toBuilder().owner(Owner.tags("tag:exit")).build(),
                        NODE.toBuilder().address(IpAddress.parse("100.64.0.2")).build(),
                        NODE.toBuilder()
                                .address(IpAddress.parse("fd7a:115c:a1e0::2"))
                                .build(),
                        NODE.toBuilder().registeredAt(LATER.plusSeconds(1)).build(),
                        NODE.toBuilder().keyExpiry(null).build(),
                        NODE.toBuilder().ephemeral(false).build()))
                .doesNotContain(NODE)
                .doesNotHaveDuplicates();
    }

    @Test
    void aNodeHasANameAndHostKeyWithinLimits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NODE.toBuilder().name(""))
                .withMessageContaining("node name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NODE.toBuilder().name("x".repeat(256)))
                .withMessageContainingAll("node name", "256", "255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NODE.toBuilder().hostKey("x".repeat(201)))
                .withMessageContainingAll("host key", "201", "200");
    }
}
