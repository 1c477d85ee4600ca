package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixTableTest {

    private static final PrefixTable<String> OFFICE =
            table("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.9.0.0/16", "192.168.0.0/16", "fd00::/8");

    private static PrefixTable<String> table(String... prefixes) {
        PrefixTable.Builder<String> builder = PrefixTable.builder();
        for (String prefix : prefixes) {
            builder.put(Prefix.parse(prefix), prefix);
        }
        return builder.build();
    }

    private static List<String> values(List<PrefixTable.Entry<String>> entries) {
        return entries.stream().map(PrefixTable.Entry::value).toList();
    }

    @Test
    void aTableFindsExactlyThePrefixThatWasPut() {
        assertThat(OFFICE.get(Prefix.parse("10.1.0.0/16"))).contains("10.1.0.0/16");
        assertThat(OFFICE.get(Prefix.parse("10.1.0.0/17"))).isEmpty();
        assertThat(OFFICE.get(Prefix.parse("::/0"))).isEmpty();
    }

    @Test
    void theNarrowestPrefixAroundAnAddressMatches() {
        assertThat(OFFICE.longestMatch(IpAddress.parse("10.1.2.3"))
                        .orElseThrow()
                        .value())
                .isEqualTo("10.1.2.0/24");
        assertThat(OFFICE.longestMatch(IpAddress.parse("10.3.0.1"))
                        .orElseThrow()
                        .value())
                .isEqualTo("10.0.0.0/8");
        assertThat(OFFICE.longestMatch(IpAddress.parse("203.0.113.1"))
                        .orElseThrow()
                        .value())
                .isEqualTo("0.0.0.0/0");
        assertThat(OFFICE.longestMatch(IpAddress.parse("2001:db8::1"))).isEmpty();
        assertThat(OFFICE.longestMatch(IpAddress.parse("::ffff:10.1.2.3"))).isEmpty();
    }

    @Test
    void theNarrowestPrefixAroundABlockMatches() {
        assertThat(OFFICE.longestMatch(Prefix.parse("10.1.2.0/24"))
                        .orElseThrow()
                        .value())
                .isEqualTo("10.1.2.0/24");
        assertThat(OFFICE.longestMatch(Prefix.parse("10.1.2.0/23"))
                        .orElseThrow()
                        .value())
                .isEqualTo("10.1.0.0/16");
        assertThat(table("10.0.0.0/8").longestMatch(Prefix.parse("0.0.0.0/0"))).isEmpty();
    }

    @Test
    void coveringListsTheWidestFirst() {
        assertThat(values(OFFICE.covering(Prefix.parse("10.1.2.0/24"))))
                .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24");
        assertThat(values(OFFICE.covering(IpAddress.parse("10.9.1.1"))))
                .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.9.0.0/16");
    }

    @Test
    void coveredByListsWhatLiesInABlock() {
        assertThat(values(OFFICE.coveredBy(Prefix.parse("10.0.0.0/8"))))
                .containsExactly("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.9.0.0/16");
        assertThat(values(OFFICE.coveredBy(Prefix.parse("10.1.3.0/24")))).isEmpty();
        assertThat(values(OFFICE.coveredBy(Prefix.parse("::/0")))).containsExactly("fd00::/8");
    }

    @Test
    void overlappingListsWhatContainsABlockAndWhatLiesInIt() {
        assertThat(values(OFFICE.overlapping(Prefix.parse("10.1.0.0/16"))))
                .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24");
        assertThat(OFFICE.overlaps(Prefix.parse("2001:db8::/32"))).isFalse();
    }

    @Test
    void theFamiliesNeverMeet() {
        PrefixTable<String> exits = table("0.0.0.0/0", "::/0");
        assertThat(values(exits.covering(IpAddress.parse("::")))).containsExactly("::/0");
        assertThat(values(exits.covering(IpAddress.parse("0.0.0.0")))).containsExactly("0.0.0.0/0");
        assertThat(values(exits.coveredBy(Prefix.parse("::/0")))).containsExactly("::/0");
        assertThat(table("0.0.0.0/0").longestMatch(Prefix.parse("::/0"))).isEmpty();
    }

    @Test
    void aTableReplacesTheValueOfAPrefixAndForgetsAPrefix() {
        Prefix prefix = Prefix.parse("10.1.0.0/16");
        assertThat(OFFICE.with(prefix, "new").get(prefix)).contains("new");
        assertThat(OFFICE.with(prefix, "new").size()).isEqualTo(OFFICE.size());
        assertThat(OFFICE.without(prefix).get(prefix)).isEmpty();
        assertThat(OFFICE.without(Prefix.parse("10.1.0.0/17"))).isSameAs(OFFICE);
        assertThat(values(OFFICE.without(prefix).covering(Prefix.parse("10.1.2.0/24"))))
                .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.2.0/24");
    }

    @Test
    void entriesAreInTheOrderOfPrefixes() {
        assertThat(values(PrefixTable.copyOf(Map.of(
                                Prefix.parse("::/0"),
                                "c",
                                Prefix.parse("10.0.0.0/8"),
                                "a",
                                Prefix.parse("10.0.0.0/9"),
                                "b"))
                        .entries()))
                .containsExactly("a", "b", "c");
    }

    @Test
    void aTablePrintsAsAMapDoes() {
        assertThat(table("10.0.0.0/8", "10.1.0.0/16")).hasToString("{10.0.0.0/8=10.0.0.0/8, 10.1.0.0/16=10.1.0.0/16}");
        assertThat(PrefixTable.empty()).hasToString("{}");
    }

    @Test
    void itsListsCannotBeChanged() {
        PrefixTable.Entry<String> entry = OFFICE.entries().get(0);
        assertThatThrownBy(() -> OFFICE.entries().set(0, entry)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> OFFICE.coveredBy(entry.prefix()).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void nullIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> OFFICE.with(Prefix.parse("10.0.0.0/8"), null));
        assertThatNullPointerException().isThrownBy(() -> PrefixTable.builder().put(null, "x"));
    }

    @Test
    void aLookUpAllocatesNothing() {
        Random random = new Random(1);
        PrefixTable.Builder<Integer> builder = PrefixTable.builder();
        IntStream.range(0, 10_000)
                .forEach(i ->
                        builder.put(Prefix.truncating(IpAddress.ofIpv4(random.nextInt()), 8 + random.nextInt(25)), i));
        IntStream.range(0, 10_000)
                .forEach(i -> builder.put(
                        Prefix.truncating(
                                IpAddress.ofIpv6(0xfd00_0000_0000_0000L | random.nextLong() >>> 8, random.nextLong()),
                                16 + random.nextInt(113)),
                        i));
        PrefixTable<Integer> table = builder.build();
        IpAddress[] addresses = IntStream.range(0, 1_000)
                .mapToObj(i -> i % 2 == 0
                        ? IpAddress.ofIpv4(random.nextInt())
                        : IpAddress.ofIpv6(0xfd00_0000_0000_0000L | random.nextLong() >>> 8, random.nextLong()))
                .toArray(IpAddress[]::new);
        Prefix[] prefixes =
                IntStream.range(0, 1_000).mapToObj(i -> addresses[i].toPrefix()).toArray(Prefix[]::new);

        long allocated = allocatedBy(table, addresses, prefixes);

        assertThat(allocated).isZero();
    }

    /**
     * The first rounds warm up: the measurement itself, and what the interpreter allocates. The best of some rounds
     * counts.
     */
    private static long allocatedBy(PrefixTable<Integer> table, IpAddress[] addresses, Prefix[] prefixes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        int found = 0;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < addresses.length; i++) {
                found += table.longestMatch(addresses[i]).isPresent() ? 1 : 0;
                found += table.longestMatch(prefixes[i]).isPresent() ? 1 : 0;
                found += table.overlaps(prefixes[i]) ? 1 : 0;
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(found).isPositive();
        return least;
    }
}
