package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import dev.wayleave.policy.Protocol;
import dev.wayleave.testing.Scenario;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions about traffic, as operators write them. */
class TrafficQuestionTest {

    private static final NodeId PC = new NodeId(1);

    private final RoutingState state = Scenario.begin()
            .policy("""
                    {"hosts": {"web": "10.1.0.80", "office": "10.1.0.0/16"}}""")
            .register(
                    "pc",
                    node -> node.address(IpAddress.parse("100.64.0.1")).address(IpAddress.parse("fd7a:115c:a1e0::1")))
            .register("old", node -> node.address(IpAddress.parse("100.64.0.2")))
            .register("bare")
            .router("router", "10.1.0.0/16", "10.0.0.0/8")
            .state();

    private TrafficQuestion read(String from, String to, String protocol) {
        return RoutingViews.of(state).question(from, to, protocol);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3/32",
        "10.1.0.0/16, 10.1.0.0/16",
        "web, 10.1.0.80/32",
        "office, 10.1.0.0/16",
        "2001:db8::1, 2001:db8::1/128",
        "[2001:db8::1], 2001:db8::1/128",
        "[2001:db8::/32]:443, 2001:db8::/32",
        "10.1.0.0/16:443, 10.1.0.0/16",
        "old:22, 100.64.0.2/32",
        "pc, 100.64.0.1/32", // of two addresses the first
        "2, 100.64.0.2/32", // a node by its number
        "10-0-0-5-via-7, fd7a:115c:a1e0:b1a:0:7:a00:5/128",
        "10-0-0-5-via-7:443, fd7a:115c:a1e0:b1a:0:7:a00:5/128"
    })
    void aDestinationIsANodeAnAddressAPrefixOrAName(String text, String destination) {
        assertThat(read("pc", text, "").destination()).isEqualTo(Prefix.parse(destination));
    }

    @Test
    void ofANodeTheAddressIsMeantThatTheSenderCanReach() {
        assertThat(read("fd7a:115c:a1e0::1", "pc", "").destination()).isEqualTo(Prefix.parse("fd7a:115c:a1e0::1/128"));
        assertThat(read("old", "fd7a:115c:a1e0::1", "").destination().isIpv6()).isTrue();
    }

    @Test
    void theSenderIsANodeOrAHostBehindTheNarrowestRoute() {
        assertThat(read("pc", "web", "")).isEqualTo(TrafficQuestion.anything(PC, Prefix.parse("10.1.0.80/32")));
        assertThat(read("100.64.0.1", "web", "").viewer()).isEqualTo(PC);
        assertThat(read("100.64.0.1", "web", "").behind()).isEmpty();
        TrafficQuestion behind = read("10.1.0.7", "web", "");
        assertThat(behind.viewer())
                .isEqualTo(state.primary(Prefix.parse("10.1.0.0/16")).orElseThrow());
        assertThat(behind.behind()).contains(IpAddress.parse("10.1.0.7"));
    }

    @Test
    void aPortMeansTcpAndIcmpMayHavePortZero() {
        assertThat(read("pc", "web:443", "").protocol()).contains(Protocol.TCP);
        assertThat(read("pc", "web:443", "udp").protocol()).contains(Protocol.UDP);
        assertThat(read("pc", "web", "").protocol()).isEmpty();
        assertThat(read("pc", "web", "tcp").port()).isEqualTo(OptionalInt.empty());
        assertThat(read("pc", "web:0", "icmp")).isEqualTo(read("pc", "web", "icmp"));
    }

    @Test
    void icmpMeansAPingOfTheFamilyOfTheDestination() {
        assertThat(read("pc", "2001:db8::1", "icmp").meantProtocol()).contains(Protocol.IPV6_ICMP);
        assertThat(read("pc", "10.1.2.3", "ipv6-icmp").meantProtocol()).contains(Protocol.ICMP);
        assertThat(read("pc", "10.1.2.3", "").meantProtocol()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pc      | nowhere         | ''   | `nowhere`
            none    | web             | ''   | `none`
            pc      | web:0           | ''   | `0`
            pc      | web:65536       | ''   | `65536`
            pc      | web:80          | icmp | `icmp`
            pc      | [2001:db8::1]80 | ''   | `[2001:db8::1]80`
            pc      | bare            | ''   | `bare`
            office  | web             | ''   | `office`
            8.8.8.8 | web             | ''   | `8.8.8.8`
            """)
    void anythingElseIsRefusedByItsText(String from, String to, String protocol, String quoted) {
        assertThatThrownBy(() -> read(from, to, protocol))
                .isInstanceOf(TrafficQuestionException.class)
                .hasMessageContaining(quoted);
    }

    @Test
    void aMalformedPrefixOrProtocolIsRefusedInTheWordsOfItsReader() {
        assertThatThrownBy(() -> read("pc", "10.1.2.3/8", "")).hasMessageContaining("10.0.0.0/8");
        assertThatThrownBy(() -> read("pc", "web", "nope")).hasMessageContaining("`nope`");
    }

    @Test
    void anUnknownNameIsNamed() {
        assertThatThrownBy(() -> read("pc", "nowhere", ""))
                .isInstanceOfSatisfying(
                        TrafficQuestionException.class,
                        unknown -> assertThat(unknown.unknown()).contains("nowhere"));
    }

    @Test
    void aPortIsANumberOfSixteenBitsAndHasAProtocol() {
        Prefix web = Prefix.parse("10.1.0.80/32");
        assertThatIllegalArgumentException().isThrownBy(() -> TrafficQuestion.of(PC, web, Protocol.TCP, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrafficQuestion(PC, null, web, null, 80));
    }

    @Test
    void aSiteNameIsAnAddress() {
        assertThat(Via6.of(read("pc", "10-0-0-5-via-7", "").destination()).flatMap(Via6::name))
                .contains("10-0-0-5-via-7");
    }
}
