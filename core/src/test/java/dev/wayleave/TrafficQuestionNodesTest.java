package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.explanation.TrafficQuestion;
import dev.wayleave.explanation.TrafficQuestionException;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which node a question about traffic means. */
class TrafficQuestionNodesTest {

    private final Scenario scenario =
            Scenario.begin().register("pc", node -> node.address(IpAddress.parse("100.64.0.1")));

    private TrafficQuestion read(String from, String to) {
        return RoutingViews.of(scenario.state()).question(from, to, "");
    }

    @Test
    void aHostIsBehindThePrimaryOfTheNarrowestRoute() {
        scenario.router("wide", "10.0.0.0/8").router("narrow", "10.1.0.0/16");

        assertThat(read("10.1.0.7", "pc").viewer()).isEqualTo(scenario.id("narrow"));
        assertThat(read("10.2.0.7", "pc").viewer()).isEqualTo(scenario.id("wide"));
    }

    @Test
    void aHostIsBehindTheFirstHolderOfARouteWithoutAPrimary() {
        scenario.router("a", "10.0.0.0/8")
                .router("b", "10.0.0.0/8")
                .disconnect("a")
                .disconnect("b")
                .sleep(Duration.ofMinutes(1))
                .expectUnserved("10.0.0.0/8");

        assertThat(read("10.1.0.7", "pc").viewer()).isEqualTo(scenario.id("a"));
    }

    @Test
    void aNameWithAColonIsThatOfANodeAndHasNoPort() {
        scenario.register("lab:22", node -> node.address(IpAddress.parse("100.64.0.2")));

        assertThat(read("pc", "lab:22").destination()).isEqualTo(Prefix.parse("100.64.0.2/32"));
        assertThat(read("pc", "lab:22").port()).isEqualTo(OptionalInt.empty());
        assertThat(read("pc", "lab:22:443").port()).hasValue(443);
    }

    @Test
    void theHighestPortIsAPort() {
        assertThat(read("pc", "10.1.2.3:65535").port()).hasValue(65_535);
    }

    @Test
    void aPortWithoutADestinationNamesNothing() {
        assertThatThrownBy(() -> read("pc", ":443"))
                .isInstanceOfSatisfying(
                        TrafficQuestionException.class,
                        unknown -> assertThat(unknown.unknown()).contains(""));
    }
}
