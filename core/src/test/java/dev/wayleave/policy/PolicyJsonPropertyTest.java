package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.testing.PolicyArbitraries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.json.JsonMapper;

class PolicyJsonPropertyTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Provide
    Arbitrary<RoutingPolicy> policies() {
        return PolicyArbitraries.policies();
    }

    @Property(tries = 500)
    void aPolicyIsReadBackEqualFromItsJson(@ForAll("policies") RoutingPolicy policy) {
        RoutingPolicy read = PolicyReader.read(policy.toJson());
        assertThat(read).isEqualTo(policy).hasSameHashCodeAs(policy);
        assertThat(read.toJson()).isEqualTo(policy.toJson());
    }

    @Property(tries = 200)
    void aPolicyBuiltFromItsPartsIsEqual(@ForAll("policies") RoutingPolicy policy) {
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
    }

    @Property(tries = 200)
    void policiesAreEqualExactlyIfTheirTextsAre(
            @ForAll("policies") RoutingPolicy one, @ForAll("policies") RoutingPolicy other) {
        assertThat(one.equals(other)).isEqualTo(one.toJson().equals(other.toJson()));
    }

    /** Judged by another reader than ours. */
    @Property(tries = 200)
    void theJsonHasSortedNamesAndNoBlanks(@ForAll("policies") RoutingPolicy policy) {
        String text = policy.toJson();
        Object tree = JSON.readValue(text, Object.class);
        assertSorted(tree);
        assertThat(text.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "")).doesNotContainAnyWhitespaces();
    }

    private static void assertSorted(Object value) {
        if (value instanceof Map<?, ?> object) {
            List<String> names =
                    object.keySet().stream().map(String.class::cast).toList();
            assertThat(names).containsExactlyElementsOf(new TreeSet<>(names));
            object.values().forEach(each -> assertSorted(each == null ? "" : each));
        } else if (value instanceof List<?> list) {
            new ArrayList<>(list).forEach(each -> assertSorted(each == null ? "" : each));
        }
    }

    /** Blanks, comments, trailing commas and the case of our names change nothing. */
    @Property(tries = 200)
    void everyLayoutIsReadTheSame(@ForAll("policies") RoutingPolicy policy) {
        String spaced = policy.toJson()
                .replace("],", " ] /* , */,\r\n")
                .replace("]}", "],// }\n}")
                .replace("\"src\":", "\"SRC\" : ");
        assertThat(PolicyReader.read(spaced)).isEqualTo(policy);
    }
}
