package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Sets of sets against a twin that goes address by address through 10.0.0.0/27 and fd00::/123. */
class IpSetPropertyTest {

    private static final int ADDRESSES = 32;
    private static final List<String> SETS = List.of("ipset:a", "ipset:b", "ipset:c", "ipset:d");

    /** Operations of four sets; each names only earlier ones. */
    @Provide
    Arbitrary<List<List<String>>> definitions() {
        Arbitrary<String> block = Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 31))
                .as((ipv4, bits, at) -> {
                    int first = at >> bits << bits;
                    return ipv4
                            ? "10.0.0." + first + "/" + (32 - bits)
                            : "fd00::" + Integer.toHexString(first) + "/" + (128 - bits);
                });
        Arbitrary<String> targets =
                Arbitraries.frequencyOf(Tuple.of(4, block), Tuple.of(1, Arbitraries.of(SETS.subList(0, 3))));
        return Combinators.combine(Arbitraries.of("", "add ", "remove "), targets)
                .as((operation, target) -> operation + target)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .list()
                .ofSize(SETS.size());
    }

    @Property(tries = 500)
    void aSetHoldsWhatItsOperationsLeaveInTheFewestPrefixes(@ForAll("definitions") List<List<String>> definitions) {
        Map<String, List<String>> written = new TreeMap<>();
        Map<String, TreeSet<Integer>> twin = new TreeMap<>();
        for (int i = 0; i < SETS.size(); i++) {
            List<String> earlier = SETS.subList(0, i);
            List<String> operations = new ArrayList<>(definitions.get(i));
            operations.removeIf(
                    each -> each.contains("ipset:") && earlier.stream().noneMatch(each::endsWith));
            operations.add("10.0.0.31");
            written.put(SETS.get(i), operations);
            twin.put(SETS.get(i), held(operations, twin));
        }
        String text = written.entrySet().stream()
                .map(entry -> """
                        "%s": %s""".formatted(
                        entry.getKey(),
                        entry.getValue().stream().map("\"%s\""::formatted).toList()))
                .collect(Collectors.joining(", ", "{\"ipsets\": {", "}}"));
        RoutingPolicy policy = PolicyReader.read(text);
        twin.forEach((name, addresses) -> {
            List<Prefix> fewest = new ArrayList<>();
            split(addresses, 0, ADDRESSES, true, fewest);
            split(addresses, 0, ADDRESSES, false, fewest);
            assertThat(policy.ipSets(OverlayRanges.DEFAULT.publicInternet())
                            .get(name)
                            .prefixes())
                    .isEqualTo(fewest);
        });
    }

    /** Numbers from 0 for IPv4, from 1000 for IPv6. */
    private static TreeSet<Integer> held(List<String> operations, Map<String, TreeSet<Integer>> earlier) {
        TreeSet<Integer> held = new TreeSet<>();
        for (String operation : operations) {
            String target = operation.substring(operation.indexOf(' ') + 1);
            TreeSet<Integer> addresses = target.startsWith("ipset:") ? earlier.get(target) : block(target);
            if (operation.startsWith("remove")) {
                held.removeAll(addresses);
            } else {
                held.addAll(addresses);
            }
        }
        return held;
    }

    private static TreeSet<Integer> block(String text) {
        boolean ipv4 = text.startsWith("10.");
        String[] parts = text.split("/", -1);
        String last = ipv4 ? parts[0].substring("10.0.0.".length()) : parts[0].substring("fd00::".length());
        int first = Integer.parseInt(last, ipv4 ? 10 : 16) + (ipv4 ? 0 : 1000);
        int bits = parts.length == 1 ? 0 : (ipv4 ? 32 : 128) - Integer.parseInt(parts[1]);
        TreeSet<Integer> addresses = new TreeSet<>();
        for (int i = 0; i < 1 << bits; i++) {
            addresses.add(first + i);
        }
        return addresses;
    }

    private static void split(TreeSet<Integer> held, int first, int size, boolean ipv4, List<Prefix> fewest) {
        int start = first + (ipv4 ? 0 : 1000);
        int count = held.subSet(start, start + size).size();
        if (count == size) {
            int length = (ipv4 ? 32 : 128) - Integer.numberOfTrailingZeros(size);
            fewest.add(Prefix.parse((ipv4 ? "10.0.0." + first : "fd00::" + Integer.toHexString(first)) + "/" + length));
        } else if (count > 0) {
            split(held, first, size / 2, ipv4, fewest);
            split(held, first + size / 2, size / 2, ipv4, fewest);
        }
    }
}
