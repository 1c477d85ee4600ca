package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Reading is fast enough, good policies and bad. What counts is the computing time of the fastest of a few runs:
 * machines are shared, and the first run compiles.
 */
class PolicySpeedTest {

    private static final int RULES = 10_000;

    @Test
    void fourMebibytesAreReadInTwoSeconds() {
        String text = policy(IntStream.range(0, 4 * RULES).mapToObj(PolicySpeedTest::grant));
        String padded = text + " ".repeat(PolicyLimits.DEFAULT.textLength() - text.length());
        assertThat(padded).hasSize(1 << 22);
        assertThat(text.length()).isGreaterThan(3_600_000);
        assertThat(fastest(() -> {
                    RoutingPolicy policy = PolicyReader.read(padded);
                    assertThat(policy.grants().orElseThrow()).hasSize(4 * RULES);
                }))
                .isLessThan(2000);
    }

    @Test
    void tenThousandMistakesAreRefusedInHalfASecond() {
        String text = policy(IntStream.range(0, RULES).mapToObj(i -> grant(i).replace("tag:a", "tag:x")));
        assertThat(fastest(() -> assertThat(Refusals.of(text)).hasSize(1001))).isLessThan(500);
    }

    @Test
    void tenThousandRulesAreBuiltAndPrintedInHalfASecond() {
        RoutingPolicy policy =
                PolicyReader.read(policy(IntStream.range(0, RULES).mapToObj(PolicySpeedTest::grant)));
        assertThat(fastest(() -> assertThat(policy.toBuilder().build().toJson()).isNotEmpty()))
                .isLessThan(500);
    }

    /** A long chain of tags needs no deep stack, and a circle of many no quadratic time. */
    @Test
    void tagsThatOwnTagsAreCheckedInHalfASecond() {
        int tags = 10_000;
        String links =
                IntStream.range(0, tags).mapToObj(i -> """
                        "tag:t%s": ["tag:t%s"]\
                        """.formatted(i, i + 1)).collect(Collectors.joining(","));
        String chain = """
                {"tagOwners": {%s, "tag:t%s": []}}""".formatted(links, tags);
        assertThat(fastest(
                        () -> assertThat(PolicyReader.read(chain).tagOwners()).hasSize(tags + 1)))
                .isLessThan(500);
        String circle = """
                {"tagOwners": {%s, "tag:t%s": ["tag:t0"]}}""".formatted(links, tags);
        assertThat(fastest(() -> assertThat(PolicyReader.read(circle).notices()).hasSize(1)))
                .isLessThan(500);
    }

    private static String grant(int i) {
        return """
                {"src": ["group:a", "alice%s@"], "dst": ["10.%s.%s.0/24"], "ip": ["tcp:%s"], "via": ["tag:a"]}\
                """.formatted(i, i / 256, i % 256, i + 1);
    }

    private static String policy(Stream<String> grants) {
        return grants.collect(Collectors.joining(",\n", """
                {"groups": {"group:a": []}, "tagOwners": {"tag:a": []}, "grants": [""", "]}"));
    }

    /** Milliseconds of this thread's own computing time. */
    private static long fastest(Runnable work) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        List<Long> runs = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            long start = clock.getCurrentThreadCpuTime();
            work.run();
            runs.add(TimeUnit.NANOSECONDS.toMillis(clock.getCurrentThreadCpuTime() - start));
        }
        return Collections.min(runs);
    }
}
