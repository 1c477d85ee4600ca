package dev.wayleave.examples.benchmarks;

import dev.wayleave.foresight.PolicyDifference;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Two policies of 1,000 rules each, over 300 users in 60 groups, 50 tags and 1,000 prefixes. */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PolicyDifferenceBenchmark {

    private static final int RULES = 1_000;
    private static final int GROUPS = 60;
    private static final int MEMBERS = 5;
    private static final int TAGS = 50;
    private static final int EDITS = 10;

    private RoutingPolicy policy;
    private RoutingPolicy edited;
    private RoutingPolicy strange;

    @Setup
    public void write() {
        List<Grant> grants = grants(new Random(1));
        policy = policy(grants);
        Random random = new Random(2);
        List<Grant> changed = new ArrayList<>(grants);
        for (int i = 0; i < EDITS; i++) {
            changed.set(random.nextInt(RULES), grant(random));
        }
        Collections.shuffle(changed, random);
        edited = policy(changed);
        strange = policy(grants(new Random(3)));
    }

    private static RoutingPolicy policy(List<Grant> grants) {
        RoutingPolicyBuilder builder = RoutingPolicy.builder();
        for (int group = 0; group < GROUPS; group++) {
            String[] members = new String[MEMBERS];
            for (int i = 0; i < MEMBERS; i++) {
                members[i] = "user" + (group * MEMBERS + i) + "@example.com";
            }
            builder.group("group:g" + group, members);
        }
        for (int tag = 0; tag < TAGS; tag++) {
            builder.tagOwners("tag:t" + tag, "group:g0");
        }
        return builder.grants(grants).build();
    }

    private static List<Grant> grants(Random random) {
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            grants.add(grant(random));
        }
        return grants;
    }

    private static Grant grant(Random random) {
        String source = random.nextInt(10) < 7
                ? "group:g" + random.nextInt(GROUPS)
                : "user" + random.nextInt(GROUPS * MEMBERS) + "@example.com";
        String destination = random.nextInt(10) < 3
                ? "tag:t" + random.nextInt(TAGS)
                : "10." + random.nextInt(100) + "." + random.nextInt(10) + ".0/24";
        Grant.Builder grant = Grant.from(source)
                .to(destination)
                .ip("tcp:" + (1 + random.nextInt(10)) * 100 + "-" + (11 + random.nextInt(10)) * 100);
        return (destination.startsWith("10.") && random.nextInt(10) < 2
                        ? grant.via("tag:t" + random.nextInt(TAGS))
                        : grant)
                .build();
    }

    /** Ten rules differ, and all are in another order. */
    @Benchmark
    public PolicyDifference ofTenEdits() {
        return PolicyDifference.of(policy, edited);
    }

    /** No rule is the same. */
    @Benchmark
    public PolicyDifference ofStrangers() {
        return PolicyDifference.of(policy, strange);
    }
}
