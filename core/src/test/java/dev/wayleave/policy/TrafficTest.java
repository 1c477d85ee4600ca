package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocols, ports, traffic, and destinations with ports. */
class TrafficTest {

    @ParameterizedTest
    @CsvSource({
        "icmp, 1",
        "igmp, 2",
        "ipv4, 4",
        "ip-in-ip, 4",
        "tcp, 6",
        "egp, 8",
        "igp, 9",
        "udp, 17",
        "gre, 47",
        "esp, 50",
        "ah, 51",
        "ipv6-icmp, 58",
        "sctp, 132",
        "fc, 133",
        "TCP, 6",
        "1, 1",
        "255, 255",
        "6, 6"
    })
    void protocolsAreReadByNameAndNumber(String text, int number) {
        assertThat(Protocol.parse(text)).isEqualTo(new Protocol(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "0", "06", "256", "-1", "+6", "6.0", "tpc", "tcp ", "６"})
    void otherProtocolsAreRefused(String text) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> Protocol.parse(text));
    }

    @Test
    void everyProtocolThatAPolicyCanNameIsReadBack() {
        assertThat(IntStream.rangeClosed(1, 255).mapToObj(Protocol::new))
                .allSatisfy(protocol ->
                        assertThat(Protocol.parse(protocol.toString())).isEqualTo(protocol));
    }

    @Test
    void numbersThatAreNoProtocolOrPortAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Protocol(256));
        assertThatIllegalArgumentException().isThrownBy(() -> new Protocol(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new PortRange(1, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> new Traffic(null, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new AclRule.Destination(Selector.parse("*"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "1",
                "65535",
                "22,80,443",
                "8000-8080",
                "22,8000-8080",
                "tcp:443",
                "tcp:22,80-81",
                "icmp:*",
                "99:*",
                "sctp:1-65535"
            })
    void trafficIsWrittenAsItWasRead(String text) {
        assertThat(Traffic.parse(text)).hasToString(text);
    }

    @Test
    void portsAreSortedAndKnownProtocolsAreWrittenByName() {
        assertThat(Traffic.parse("6:443,22")).hasToString("tcp:22,443");
        assertThat(Traffic.parse("6:443,22")).isEqualTo(Traffic.parse("tcp:22,443"));
    }

    @Test
    void allPortsStandAlone() {
        assertThat(new Traffic(null, List.of(new PortRange(22, 22), PortRange.ALL)))
                .isEqualTo(Traffic.ALL);
    }

    @Test
    void portRangesAreOrderedByFirstThenLast() {
        assertThat(List.of(new PortRange(2, 2), new PortRange(1, 9), new PortRange(1, 3)).stream()
                        .sorted())
                .containsExactly(new PortRange(1, 3), new PortRange(1, 9), new PortRange(2, 2));
    }

    @Test
    void aRangeContainsThePortsFromItsFirstToItsLast() {
        PortRange range = new PortRange(22, 80);
        assertThat(IntStream.of(21, 22, 80, 81).filter(range::contains)).containsExactly(22, 80);
    }

    @ParameterizedTest
    @CsvSource({
        "*:*, *, *",
        "tag:server:22, tag:server, 22",
        "autogroup:self:*, autogroup:self, *",
        "alice@example.com:80-90, alice@example.com, 80-90",
        "user:*@example.com:*, user:*@example.com, *",
        "10.0.0.1:80, 10.0.0.1, 80",
        "10.0.0.0/8:80, 10.0.0.0/8, 80",
        "fd00:1::/64:443, fd00:1::/64, 443",
        "fd7a:115c:a1e0::1/128:443, fd7a:115c:a1e0::1/128, 443",
        "[fd00::1]:443, fd00::1, 443",
        "[fd00::1]/128:443, fd00::1/128, 443",
        "web:1, web, 1"
    })
    void destinationsOfAclsAreRead(String text, String selector, String ports) {
        AclRule.Destination destination = AclRule.Destination.parse(text);
        assertThat(destination.selector()).isEqualTo(Selector.parse(selector));
        assertThat(destination.ports()).isEqualTo(Traffic.parse(ports).ports());
        assertThat(AclRule.Destination.parse(destination.toString())).isEqualTo(destination);
    }

    @Test
    void addressesOfIpv6AreWrittenInBrackets() {
        assertThat(AclRule.Destination.parse("[FD00::0:1]:443")).hasToString("[fd00::1]:443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "web",
                "web:",
                "tag:web",
                "fd00::1",
                "fd00::1:443",
                "[fd00::1]",
                "[web]:80",
                "[]:80",
                "[fd00::1:80",
                "[fd00::1]x:80",
                "[::1]0:443",
                "[fd00::1]2:443",
                "[fd00::1]:2:443",
                "[fd00::1]a/128:*",
                "[fd00::1]/:*",
                "[fd00::1]/128/:*",
                "[fd00::1]/+128:*",
                "[fd00::1]/128 :*",
                "[fd00::/64]:80",
                "web:80:80",
                "autogroup:self"
            })
    void otherDestinationsAreRefused(String text) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> AclRule.Destination.parse(text));
    }

    @Test
    void aDigitBehindTheBracketIsNeverReadAsPartOfTheAddress() {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> AclRule.Destination.parse("[::1]0:443"))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(PolicyProblem::code)
                        .containsExactly(PolicyProblem.Code.MALFORMED_SELECTOR))
                .withMessageContaining("`0` cannot follow `]`: write a colon and the ports");
    }

    @Test
    void theRefusalOfADestinationWithoutPortsSaysHowToAddThem() {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> AclRule.Destination.parse("tag:web"))
                .withMessageContaining("destination `tag:web` has no ports: write `tag:web:*` for every port");
    }
}
