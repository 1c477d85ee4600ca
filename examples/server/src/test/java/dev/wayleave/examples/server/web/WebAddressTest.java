package dev.wayleave.examples.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

    private static final WebAddress HERE =
            new WebAddress(new InetSocketAddress("127.0.0.1", 0), Set.of("Tailnet.example"));

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.0.0.9", "[::1]", "tailnet.example"})
    void aServerOfThisMachineIsReachedByItsNames(String host) {
        assertThat(HERE.refusal(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "localhost.evil.example", "x.tailnet.example", "192.168.1.7", "[2001:db8::1]", ""
            })
    void aNameThatOnlyResolvesToThisMachineIsRefused(String host) {
        assertThat(HERE.refusal(host)).hasValueSatisfying(refusal -> {
            assertThat(refusal.status()).isEqualTo(421);
            assertThat(refusal.detail()).contains("`localhost`", "--host");
        });
    }

    @Test
    void aServerThatListensBeyondThisMachineHasAnyName() {
        WebAddress everywhere = new WebAddress(new InetSocketAddress("0.0.0.0", 0), Set.of());

        assertThat(everywhere.refusal("evil.example")).isEmpty();
    }
}
