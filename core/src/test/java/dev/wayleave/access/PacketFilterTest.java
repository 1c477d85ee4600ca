package dev.wayleave.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketFilterTest {

    private static final Protocol ICMPV6 = new Protocol(58);
    private static final Protocol SCTP = new Protocol(132);
    private static final Protocol GRE = new Protocol(47);

    /** From 10.0.0.0/8 and fd00::/8 to 192.168.0.1 and fd00::1. */
    private static PacketFilter filter(@Nullable Protocol protocol, PortRange... ports) {
        return new PacketFilter(List.of(new PacketFilter.TrafficRule(
                List.of(AddressPattern.of(Prefix.parse("10.0.0.0/8")), AddressPattern.of(Prefix.parse("fd00::/8"))),
                ImmutableSortedMap.of(
                        AddressPattern.of(IpAddress.parse("192.168.0.1")), List.of(ports),
                        AddressPattern.of(IpAddress.parse("fd00::1")), List.of(ports)),
                protocol)));
    }

    private static boolean admits(PacketFilter filter, Protocol protocol, int port) {
        return filter.admits(IpAddress.parse("10.1.1.1"), IpAddress.parse("192.168.0.1"), protocol, port);
    }

    @Test
    void aRuleWithoutAProtocolAdmitsTcpAndUdpByPort() {
        PacketFilter filter = filter(null, new PortRange(80, 81), new PortRange(443, 443));
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            assertThat(admits(filter, protocol, 81)).isTrue();
            assertThat(admits(filter, protocol, 443)).isTrue();
            assertThat(admits(filter, protocol, 22)).isFalse();
        }
    }

    @Test
    void aRuleWithoutAProtocolAdmitsIcmpByAddressesAlone() {
        PacketFilter filter = filter(null, new PortRange(443, 443));
        assertThat(admits(filter, Protocol.ICMP, 0)).isTrue();
        assertThat(filter.admits(IpAddress.parse("fd00::2"), IpAddress.parse("fd00::1"), ICMPV6, 0))
                .isTrue();
        assertThat(filter.admits(IpAddress.parse("fd00::2"), IpAddress.parse("fd00::3"), ICMPV6, 0))
                .isFalse();
    }

    @Test
    void aRuleWithoutAProtocolAdmitsNoOtherProtocol() {
        PacketFilter filter = filter(null, PortRange.ALL);
        assertThat(admits(filter, GRE, 0)).isFalse();
        assertThat(admits(filter, SCTP, 443)).isFalse();
    }

    @Test
    void aRuleThatNamesAProtocolAdmitsItAlone() {
        PacketFilter tcp = filter(Protocol.TCP, new PortRange(443, 443));
        assertThat(admits(tcp, Protocol.TCP, 443)).isTrue();
        assertThat(admits(tcp, Protocol.UDP, 443)).isFalse();
        assertThat(admits(tcp, Protocol.ICMP, 0)).isFalse();
        assertThat(admits(filter(Protocol.ICMP, PortRange.ALL), Protocol.ICMP, 0))
                .isTrue();
        assertThat(admits(filter(GRE, PortRange.ALL), GRE, 0)).isTrue();
        assertThat(admits(filter(SCTP, new PortRange(9, 9)), SCTP, 9)).isTrue();
        assertThat(admits(filter(SCTP, new PortRange(9, 9)), SCTP, 8)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"11.0.0.1, 192.168.0.1", "10.0.0.1, 192.168.0.2", "fc00::1, fd00::1", "fd00::2, 192.168.0.2"})
    void bothAddressesMustMatch(String source, String destination) {
        PacketFilter filter = filter(null, PortRange.ALL);
        assertThat(filter.admits(IpAddress.parse(source), IpAddress.parse(destination), Protocol.TCP, 443))
                .isFalse();
    }

    @Test
    void anyIsAnyAddressOfEitherFamily() {
        PacketFilter filter = new PacketFilter(List.of(new PacketFilter.TrafficRule(
                List.of(AddressPattern.ANY), ImmutableSortedMap.of(AddressPattern.ANY, List.of(PortRange.ALL)), null)));
        assertThat(admits(filter, Protocol.TCP, 1)).isTrue();
        assertThat(filter.admits(IpAddress.parse("2001:db8::1"), IpAddress.parse("::1"), Protocol.UDP, 1))
                .isTrue();
    }

    @Test
    void capabilitiesLetNoPacketIn() {
        PacketFilter filter = new PacketFilter(List.of(new PacketFilter.CapabilityRule(
                List.of(AddressPattern.ANY),
                ImmutableSortedSet.of(Prefix.parse("192.168.0.1/32")),
                ImmutableSortedMap.of("example.com/cap/test", "[{}]"))));
        assertThat(admits(filter, Protocol.TCP, 443)).isFalse();
        assertThat(admits(PacketFilter.CLOSED, Protocol.TCP, 443)).isFalse();
    }
}
