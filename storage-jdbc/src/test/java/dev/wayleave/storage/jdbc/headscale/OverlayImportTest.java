package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Routing;
import dev.wayleave.RoutingState;
import dev.wayleave.Step;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.command.SubmissionResult;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which overlay an imported tailnet gets. */
class OverlayImportTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Actor ADA = new Actor("ada");
    private static final ImportChoices OPEN = ImportChoices.withoutPolicy();
    private static final RoutingState EMPTY = RoutingState.empty(new TailnetId("t"), RoutingSettings.DEFAULT, NOW);

    @TempDir
    Path folder;

    /** A database in which each text is the addresses of a node, with a comma between them. */
    private HeadscaleImport read(String... nodes) {
        DataSource source = Databases.sqlite(folder.resolve("headscale.db"), Databases.script("policy-0.29.sql"));
        Databases.execute(source, "DELETE FROM nodes");
        Databases.execute(source, "ALTER TABLE nodes ADD COLUMN ip_addresses text");
        for (int i = 0; i < nodes.length; i++) {
            Databases.execute(
                    source,
                    "INSERT INTO nodes (id, machine_key, hostname, user_id, created_at, ip_addresses) VALUES ("
                            + (i + 1) + ", 'mkey:" + i + "', 'n" + i + "', 1, '2026-01-01 10:00:00Z', '" + nodes[i]
                            + "')");
        }
        return HeadscaleImport.read(source);
    }

    private static OverlayRanges ranges(String... prefixes) {
        return OverlayRanges.of(
                AddressSet.ofPrefixes(Arrays.stream(prefixes).map(Prefix::parse).toList()));
    }

    private static OverlayRanges overlay(ImportPlan plan) {
        return plan.step().next().settings().overlay();
    }

    private static List<ImportFinding> findings(ImportPlan plan) {
        return plan.report().findings().stream()
                .filter(finding ->
                        finding.table().equals("nodes") || finding.table().equals("database"))
                .toList();
    }

    private static ImportFinding outside(String node, String address) {
        return new ImportFinding("nodes", node, new OverlayReason.OutsideOverlay(IpAddress.parse(address)));
    }

    private static ImportFinding ofDatabase(OverlayReason reason) {
        return new ImportFinding(ImportFinding.DATABASE, null, reason);
    }

    private static RoutingState after(RoutingState state, Command... commands) {
        Step step = Routing.step(state, List.of(Submission.of(ADA, commands)), state.now());
        assertThat(step.results()).allMatch(SubmissionResult.Accepted.class::isInstance);
        return step.next();
    }

    @Test
    void addressesInTheDefaultRangesSetNothing() {
        ImportPlan plan =
                read("100.64.0.1,fd7a:115c:a1e0::1", "100.127.255.254", "").into(EMPTY, OPEN, ADA, NOW);
        assertThat(overlay(plan)).isEqualTo(OverlayRanges.DEFAULT);
        assertThat(plan.submissions().get(0).commands()).noneMatch(Command.SetSettings.class::isInstance);
        assertThat(findings(plan)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.9.0.5                             |                        | 10.9.0.5/32
            10.9.0.1                             | 10.9.0.2               | 10.9.0.0/30
            10.9.0.1,fd00:9::1                   | 10.9.3.1,fd00:9::ff    | 10.9.0.0/22 fd00:9::/120
            100.64.0.1,fd00:9::1                 | 100.64.0.2             | 100.64.0.0/30 fd00:9::1/128
            100.64.0.1                           | 100.115.92.7           | 100.64.0.0/10
            10.0.0.1                             | 10.255.255.254         | 10.0.0.0/8
            2001:db8::1                          | 2001:db8:ffff::1       | 2001:db8::/32
            """)
    void addressesOutsideOfThemMakeTheSmallestPrefixOfEachFamilyTheOverlay(String one, String other, String expected) {
        ImportPlan plan = read(one, other == null ? "" : other).into(EMPTY, OPEN, ADA, NOW);
        assertThat(overlay(plan)).isEqualTo(ranges(expected.split(" ")));
        assertThat(findings(plan))
                .containsExactly(ofDatabase(new OverlayReason.OverlaySet(
                        Stream.of(expected.split(" ")).map(Prefix::parse).toList())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.1              | 11.0.0.1           | 10.0.0.0/7
            10.9.0.1              | 100.64.0.1         | 0.0.0.0/1
            10.9.0.1,2001:db8::1  | 2001:db9::1        | 2001:db8::/31
            """)
    void addressesThatAreTooFarApartChangeNothingUntilTheCallerGivesTheOverlay(
            String one, String other, String tooWide) {
        HeadscaleImport read = read(one, other);
        ImportPlan plan = read.into(EMPTY, OPEN, ADA, NOW);
        assertThat(plan.isBlocked()).isTrue();
        assertThat(plan.step().rowChanges().isEmpty()).isTrue();
        assertThat(findings(plan)).containsExactly(ofDatabase(new OverlayReason.OverlayTooWide(Prefix.parse(tooWide))));

        ImportPlan given = read.into(EMPTY, OPEN.withOverlay(ranges("10.0.0.0/8", "2001:db8::/32")), ADA, NOW);
        assertThat(given.isBlocked()).isFalse();
        assertThat(overlay(given)).isEqualTo(ranges("10.0.0.0/8", "2001:db8::/32"));
        assertThat(findings(given)).singleElement().satisfies(finding -> {
            assertThat(finding.rowOrNull()).isEqualTo("2");
            assertThat(finding.reason()).isInstanceOf(OverlayReason.OutsideOverlay.class);
        });
    }

    @Test
    void theOverlayOfATailnetThatExistsStays() {
        HeadscaleImport read = read("10.9.0.1", "10.9.0.2");
        Node here = Node.builder(new NodeId(70), "here", Owner.tags("tag:a")).build();
        RoutingState withNode = after(EMPTY, new Command.RegisterNode(here));
        RoutingState withOverlay = after(
                EMPTY,
                new Command.SetSettings(RoutingSettings.DEFAULT.toBuilder()
                        .overlay(ranges("10.9.0.1/32"))
                        .build()));

        ImportPlan intoNode = read.into(withNode, OPEN, ADA, NOW);
        assertThat(overlay(intoNode)).isEqualTo(OverlayRanges.DEFAULT);
        assertThat(findings(intoNode)).containsExactly(outside("1", "10.9.0.1"), outside("2", "10.9.0.2"));

        ImportPlan intoOverlay = read.into(withOverlay, OPEN.withOverlay(ranges("10.9.0.0/16")), ADA, NOW);
        assertThat(overlay(intoOverlay)).isEqualTo(ranges("10.9.0.1/32"));
        assertThat(findings(intoOverlay))
                .containsExactly(
                        ofDatabase(new OverlayReason.OverlayKept(List.of(Prefix.parse("10.9.0.0/16")))),
                        outside("2", "10.9.0.2"));
    }

    @Test
    void importingTwiceChangesNothing() {
        HeadscaleImport read = read("10.9.0.1", "10.9.0.2,fd00::1");
        for (ImportChoices choices : List.of(OPEN, OPEN.withOverlay(ranges("10.0.0.0/8", "fd00::/8")))) {
            ImportPlan first = read.into(EMPTY, choices, ADA, NOW);
            assertThat(first.step().rowChanges().applyTo(EMPTY.rows()))
                    .isEqualTo(first.step().next().rows());
            ImportPlan second = read.into(first.step().next(), choices, ADA, NOW);
            assertThat(second.submissions()).isEmpty();
            assertThat(second.step().rowChanges().isEmpty()).isTrue();
            assertThat(findings(second)).isEmpty();
        }
    }

    /** The words of the rule, tried one length after the other. */
    private static Prefix smallest(List<IpAddress> addresses) {
        return IntStream.iterate(32, length -> length - 1)
                .mapToObj(length -> Prefix.truncating(addresses.get(0), length))
                .filter(prefix -> addresses.stream().allMatch(prefix::contains))
                .findFirst()
                .orElseThrow();
    }

    @Property(tries = 500)
    void theOverlayIsTheSmallestPrefixThatHoldsAllAddresses(@ForAll @Size(min = 1, max = 5) List<Integer> bits) {
        List<IpAddress> addresses = bits.stream().map(IpAddress::ofIpv4).toList();
        Overlay overlay = Overlay.of(addresses);
        if (addresses.stream().allMatch(OverlayRanges.DEFAULT::contains)) {
            assertThat(overlay.ranges()).isEqualTo(OverlayRanges.DEFAULT.addresses());
        } else if (smallest(addresses).length() < 8) {
            assertThat(overlay.tooWide()).containsExactly(smallest(addresses));
        } else {
            assertThat(overlay.ranges().prefixes()).containsExactly(smallest(addresses));
        }
    }
}
