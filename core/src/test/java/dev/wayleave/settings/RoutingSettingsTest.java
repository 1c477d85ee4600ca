package dev.wayleave.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.access.ExitRule;
import dev.wayleave.approval.WithdrawalRule;
import dev.wayleave.election.ElectionOrder;
import dev.wayleave.election.FailBack;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingSettingsTest {

    private static final Map<String, RoutingSettings> PRESETS = Map.of(
            "DEFAULT", RoutingSettings.DEFAULT,
            "TAILSCALE", RoutingSettings.TAILSCALE,
            "HEADSCALE", RoutingSettings.HEADSCALE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        preset    | order                  | grace | all gone  | on policy change | denied remembered | exit      | silence | restart | idle
        DEFAULT   | PRIORITY_REGISTERED_ID | PT15S | WITHDRAW  | true             | true              | INTERNET  | PT130S  | PT60S   | PT30M
        TAILSCALE | PRIORITY_REGISTERED_ID | PT15S | KEEP_LAST | false            | true              | INTERNET  | PT130S  | PT60S   | PT30M
        HEADSCALE | LOWEST_ID              | PT10S | WITHDRAW  | true             | false             | REACHABLE | PT130S  | PT60S   | PT30M
        """)
    void presetsHoldTheRulesOfTheirProduct(
            String preset,
            ElectionOrder order,
            Duration grace,
            OfflineRule allGone,
            boolean onPolicyChange,
            boolean deniedRemembered,
            ExitRule exit,
            Duration silenceLimit,
            Duration restartGrace,
            Duration ephemeralIdle) {
        RoutingSettings settings = PRESETS.get(preset);

        assertThat(settings.election().order()).isEqualTo(order);
        assertThat(settings.grace()).isEqualTo(grace);
        assertThat(settings.election().offline()).isEqualTo(allGone);
        assertThat(settings.approval().retroactive()).isEqualTo(onPolicyChange);
        assertThat(settings.approval().rememberDenied()).isEqualTo(deniedRemembered);
        assertThat(settings.exit()).isEqualTo(exit);
        assertThat(settings.silenceLimit()).contains(silenceLimit);
        assertThat(settings.restartGrace()).isEqualTo(restartGrace);
        assertThat(settings.ephemeralIdle()).isEqualTo(ephemeralIdle);
        assertThat(settings.overlay()).isEqualTo(OverlayRanges.DEFAULT);
        assertThat(settings.election().failBack()).isEqualTo(FailBack.never());
        assertThat(settings.approval().withdrawal()).isEqualTo(WithdrawalRule.KEEP_APPROVAL);
        assertThat(settings.nodePriorities()).isEmpty();
        assertThat(settings.routePriorities()).isEmpty();
        assertThat(settings.limits()).isEqualTo(TailnetLimits.DEFAULT);
    }

    @Test
    void aFreshBuilderHoldsTheDefault() {
        assertThat(RoutingSettings.builder().build()).isEqualTo(RoutingSettings.DEFAULT);
    }

    static List<UnaryOperator<RoutingSettingsBuilder>> changes() {
        return List.of(
                b -> b.overlay(OverlayRanges.of(AddressSet.of(Prefix.parse("10.0.0.0/8")))),
                b -> b.withdrawal(WithdrawalRule.REVOKE_APPROVAL),
                b -> b.retroactive(false),
                b -> b.rememberDenied(false),
                b -> b.order(ElectionOrder.LOWEST_ID),
                b -> b.failBack(FailBack.after(Duration.ofMinutes(5))),
                b -> b.offline(OfflineRule.KEEP_LAST),
                b -> b.grace(Duration.ZERO),
                b -> b.exit(ExitRule.REACHABLE),
                b -> b.withoutSilenceLimit(),
                b -> b.silenceLimit(Duration.ofSeconds(20)),
                b -> b.restartGrace(Duration.ZERO),
                b -> b.ephemeralIdle(Duration.ofHours(1)),
                b -> b.priority(new NodeId(1), 5),
                b -> b.priority(new NodeId(1), Prefix.parse("10.0.0.0/8"), 5),
                b -> b.limits(TailnetLimits.builder()
                        .nodes(1)
                        .users(2)
                        .routesPerNode(3)
                        .routesRememberedPerNode(4)
                        .commandsPerSubmission(5)
                        .build()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyRuleCanBeChangedAloneAndSurvivesACopy(UnaryOperator<RoutingSettingsBuilder> change) {
        RoutingSettings changed = change.apply(RoutingSettings.builder()).build();

        assertThat(changed).isNotEqualTo(RoutingSettings.DEFAULT);
        assertThat(changed.toString()).isNotEqualTo(RoutingSettings.DEFAULT.toString());
        assertThat(changed.toBuilder().build()).isEqualTo(changed).hasSameHashCodeAs(changed);
        assertThat(RoutingSettings.parse(changed.toString())).isEqualTo(changed);
        assertThat(change.apply(changed.toBuilder()).build()).isEqualTo(changed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT24H0.000000001S"})
    void aGraceOutOfRangeIsRefused(Duration grace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoutingSettings.builder().grace(grace))
                .withMessageContaining("`" + grace + "`")
                .withMessageContaining("choose");
    }

    @Test
    void theLongestGraceIsAccepted() {
        assertThat(RoutingSettings.builder()
                        .grace(RoutingSettings.LONGEST_GRACE)
                        .build()
                        .grace())
                .isEqualTo(Duration.ofHours(24));
    }

    @Test
    void aPriorityForThePrefixGoesBeforeThatOfTheNode() {
        NodeId node = new NodeId(1);
        Prefix prefix = Prefix.parse("10.0.0.0/8");
        Prefix other = Prefix.parse("10.1.0.0/16");
        RoutingSettingsBuilder builder = RoutingSettings.builder()
                .priority(node, 3)
                .priority(node, prefix, 7)
                .priority(new NodeId(2), other, 9);
        RoutingSettings settings = builder.build();
        assertThat(settings.priority(node, prefix)).isEqualTo(7);
        assertThat(settings.priority(node, other)).isEqualTo(3);
        assertThat(settings.priority(new NodeId(2), prefix)).isZero();

        RoutingSettings without = builder.noPriority(node).build();
        assertThat(without.priority(node, prefix)).isZero();
        assertThat(without.priority(node, other)).isZero();
        assertThat(without.priority(new NodeId(2), other)).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void everyLimitIsAtLeastOne(int which) {
        assertThatCode(() -> TailnetLimits.builder()
                        .nodes(1)
                        .users(1)
                        .routesPerNode(1)
                        .routesRememberedPerNode(1)
                        .commandsPerSubmission(1)
                        .build())
                .doesNotThrowAnyException();
        int[] limits = {1, 1, 1, 1, 1};
        limits[which] = 0;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TailnetLimits.builder()
                        .nodes(limits[0])
                        .users(limits[1])
                        .routesPerNode(limits[2])
                        .routesRememberedPerNode(limits[3])
                        .commandsPerSubmission(limits[4])
                        .build())
                .withMessageContaining("not positive");
    }

    @Test
    void aCopyOfLimitsHasAllOfThem() {
        TailnetLimits limits = TailnetLimits.builder()
                .nodes(1)
                .users(2)
                .routesPerNode(3)
                .routesRememberedPerNode(4)
                .commandsPerSubmission(5)
                .build();

        assertThat(limits.toBuilder().build()).isEqualTo(limits).hasSameHashCodeAs(limits);
        assertThat(limits)
                .hasToString("TailnetLimits[nodes=1, users=2, routesPerNode=3, routesRememberedPerNode=4, "
                        + "commandsPerSubmission=5]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"grace":"PT48H"}                                                              | settings: grace `PT48H`
        {"limits":{"nodes":1}}                                                         | `users` is missing
        {"limits":{"nodes":1,"users":1,"routesPerNode":1,"routesRememberedPerNode":1,"commandsPerSubmission":1,"routers":1}} | `routers`
        {"priorities":{"x 10.0.0.0/8":1}}                                              | `x`
        {"priorities":{"1 10.0.0.1/8":1}}                                              | `10.0.0.1/8`
        """)
    void aTextThatHoldsNoSettingsIsRefused(String text, String message) {
        assertThatThrownBy(() -> RoutingSettings.parse(text))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContaining(message);
    }
}
