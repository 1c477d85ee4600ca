package dev.wayleave.examples.benchmarks;

import dev.wayleave.approval.Approvals;
import dev.wayleave.approval.AutoApproval;
import dev.wayleave.approval.Verdict;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.RoutingPolicyBuilder;
import dev.wayleave.policy.Selector;
import java.util.ArrayList;
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

/**
 * Reviews of routes against a policy of 10,000 keys, in 250 blocks of one wide key around 39 narrow ones, each with
 * three approvers: a user, a group of fifty and a tag.
 */
@State(Scope.Benchmark)
@Fork(
        value = 5,
        jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AutoApprovalBenchmark {

    private static final int KEYS = 10_000;
    private static final int BLOCK = 40;
    private static final int ROUTES = 4_096;
    private static final int USERS = 1_000;
    private static final Owner ROUTER = Owner.tags("tag:router");
    private static final Owner STRANGER = Owner.tags("tag:stranger");
    private static final Prefix EXIT_ROUTE = Prefix.parse("0.0.0.0/0");

    private final Prefix[] covered = new Prefix[ROUTES];
    private final Prefix[] uncovered = new Prefix[ROUTES];
    private AutoApproval autoApproval;
    private RoutingPolicy policy;
    private Users users;
    private Owner member;
    private int next;

    @Setup
    public void compilePolicy() {
        Random random = new Random(1);
        users = Users.of(userList());
        member = Owner.user(new UserId("49"));
        RoutingPolicyBuilder draft = RoutingPolicy.builder().tagOwners(new Tag("tag:router"), List.of());
        for (int group = 0; group < USERS / 50; group++) {
            List<Selector.UserName> members = new ArrayList<>();
            for (int user = 0; user < 50; user++) {
                members.add(new Selector.UserName("user" + (group * 50 + user) + "@"));
            }
            draft.group("group:g" + group, members);
        }
        for (int key = 0; key < KEYS; key++) {
            boolean wide = key % BLOCK == 0;
            draft.autoApproveRoutes(
                    key(key),
                    List.of(
                            new Selector.UserName("user" + (50 + key % (USERS - 50)) + "@"),
                            new Selector.Group(wide ? "group:g0" : "group:g" + (1 + key % 19)),
                            new Selector.Tagged(new Tag("tag:router"))));
        }
        policy = draft.autoApproveExitNodes(List.of(new Selector.Tagged(new Tag("tag:router"))))
                .build();
        autoApproval = AutoApproval.compile(policy, users);
        for (int i = 0; i < ROUTES; i++) {
            Prefix narrow = key(random.nextInt(KEYS / BLOCK) * BLOCK + 1 + random.nextInt(BLOCK - 1));
            covered[i] = Prefix.of(narrow.first(), 25);
            uncovered[i] = Prefix.parse("172." + (16 + random.nextInt(16)) + "." + random.nextInt(256) + ".0/24");
        }
    }

    private static Prefix key(int number) {
        int block = number / BLOCK;
        int place = number % BLOCK;
        return Prefix.parse(place == 0 ? "10." + block + ".0.0/16" : "10." + block + "." + place + ".0/24");
    }

    private static List<User> userList() {
        List<User> users = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            users.add(User.builder(new UserId(Integer.toString(user)), "user" + user)
                    .build());
        }
        return users;
    }

    private Prefix next(Prefix[] prefixes) {
        next = next + 1 & ROUTES - 1;
        return prefixes[next];
    }

    /** The narrowest key names the tag of the node, third in its list. */
    @Benchmark
    public Verdict approvedByTag() {
        return autoApproval.review(ROUTER, next(covered), Approvals.none());
    }

    /** The group of the wider key has the node's user as its last member; the narrower key does not name it. */
    @Benchmark
    public Verdict approvedByGroupOfWiderKey() {
        return autoApproval.review(member, next(covered), Approvals.none());
    }

    @Benchmark
    public Verdict keysCoverButNobodyNamesTheNode() {
        return autoApproval.review(STRANGER, next(covered), Approvals.none());
    }

    @Benchmark
    public Verdict noKeyCovers() {
        return autoApproval.review(ROUTER, next(uncovered), Approvals.none());
    }

    @Benchmark
    public Verdict exitRoute() {
        return autoApproval.review(ROUTER, EXIT_ROUTE, Approvals.none());
    }

    /** The cost of a change of the policy or of the users before the first review. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public AutoApproval compile() {
        return AutoApproval.compile(policy, users);
    }
}
