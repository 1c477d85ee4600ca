package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.policy.PolicyProblem.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Circles among tags are found by components; here they are found by walking from every owner. */
class TagCyclePropertyTest {

    private static final List<String> TAGS = List.of("tag:a", "tag:b", "tag:c", "tag:d", "tag:e", "tag:f");

    @Provide
    Arbitrary<Map<String, List<String>>> owners() {
        return Arbitraries.of(TAGS)
                .list()
                .uniqueElements()
                .ofMaxSize(2)
                .list()
                .ofSize(TAGS.size())
                .map(lists -> {
                    Map<String, List<String>> owners = new TreeMap<>();
                    for (int i = 0; i < lists.size(); i++) {
                        owners.put(TAGS.get(i), lists.get(i));
                    }
                    return owners;
                });
    }

    @Property(tries = 500)
    void findsEveryOwnerThatClosesACircle(@ForAll("owners") Map<String, List<String>> owners) {
        List<String> expected = new ArrayList<>();
        owners.forEach((tag, list) -> {
            for (int i = 0; i < list.size(); i++) {
                if (reachable(list.get(i), owners).contains(tag)) {
                    expected.add("tagOwners[\"" + tag + "\"][" + i + "]");
                }
            }
        });
        String text = owners.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": "
                        + entry.getValue().stream()
                                .map(tag -> "\"" + tag + "\"")
                                .toList())
                .collect(Collectors.joining(", ", "{\"tagOwners\": {", "}}"));
        if (expected.isEmpty()) {
            assertThat(PolicyReader.read(text).tagOwners()).hasSize(TAGS.size());
        } else {
            List<PolicyProblem> problems = Refusals.of(text);
            assertThat(problems).extracting(PolicyProblem::code).containsOnly(Code.TAG_CYCLE);
            assertThat(problems).extracting(PolicyProblem::path).containsExactlyElementsOf(expected);
        }
    }

    private static TreeSet<String> reachable(String from, Map<String, List<String>> owners) {
        TreeSet<String> found = new TreeSet<>(List.of(from));
        while (true) {
            TreeSet<String> more = new TreeSet<>(found);
            found.forEach(tag -> more.addAll(owners.getOrDefault(tag, List.of())));
            if (more.equals(found)) {
                return found;
            }
            found = more;
        }
    }
}
