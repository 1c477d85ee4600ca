package dev.wayleave.access.engine;

import dev.wayleave.access.PolicyTestFailure;
import dev.wayleave.access.PolicyTestFailure.Fault;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Optionals;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.PolicyTestCase;
import dev.wayleave.policy.PortRange;
import dev.wayleave.policy.Protocol;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the {@code tests} of a policy over the policy and the users only: nodes, routers, {@code via} and
 * health are not read.
 *
 * <p>A destination is reached if rules let the sender reach all of it, on each port of the test, by the test's protocol
 * – by TCP or by UDP, where the test names none. Several rules may do so together. A destination is not reached if no
 * rule lets the sender reach any part of it. A group stands for each of its members.
 *
 * <p>Devices are somewhere in the overlay. A range of addresses names all devices if it has all IPv4 or all IPv6
 * addresses of the overlay; if it has several of them, it names some devices of each owner; a single address is a
 * device that no test can tell.
 */
public final class PolicyTestEvaluator {

    private static final List<Protocol> UNLESS_NAMED = List.of(Protocol.TCP, Protocol.UDP);

    private final RoutingPolicy policy;
    private final TestSubjects subjects;
    private final List<Rule> rules;
    /** The addresses that devices may have: the overlay without 4via6, which stands for networks behind routers. */
    private final AddressSet devices;

    private final AddressSet overlayIpv4;
    private final AddressSet overlayIpv6;
    private final Map<AddressSet, Boolean> rangesOfOverlay = new HashMap<>();

    private PolicyTestEvaluator(RoutingPolicy policy, Users users, OverlayRanges overlay) {
        this.policy = policy;
        this.subjects = new TestSubjects(policy, users, overlay.publicInternet());
        this.rules = Rule.of(policy, overlay.publicInternet());
        this.devices = overlay.addresses().subtract(AddressSet.of(KnownRanges.VIA6));
        this.overlayIpv4 = AddressSet.ofRanges(overlay.addresses().ranges().stream()
                .filter(range -> range.isIpv4())
                .toList());
        this.overlayIpv6 = overlay.addresses().subtract(overlayIpv4);
    }

    /**
     * Evaluates all tests of a policy. {@code O(tests × destinations × rules)}.
     *
     * @param policy the policy, with its tests
     * @param users the users of the tailnet; a user whom only the tests name is taken as a member
     * @param overlay the tailnet's own ranges
     * @return the tests that do not hold, in their order
     */
    public static List<PolicyTestFailure> failures(RoutingPolicy policy, Users users, OverlayRanges overlay) {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(users, "users");
        Objects.requireNonNull(overlay, "overlay");
        List<PolicyTestFailure> failures = new ArrayList<>();
        if (policy.tests().isEmpty()) {
            return failures;
        }
        PolicyTestEvaluator evaluator = new PolicyTestEvaluator(policy, users, overlay);
        for (int i = 0; i < policy.tests().size(); i++) {
            PolicyTestCase test = policy.tests().get(i);
            List<Fault> faults = evaluator.faults(test);
            if (!faults.isEmpty()) {
                failures.add(new PolicyTestFailure(i, Optionals.orNull(policy.lineOfTest(i)), test.source(), faults));
            }
        }
        return failures;
    }

    private List<Fault> faults(PolicyTestCase test) {
        List<Fault> faults = new ArrayList<>();
        if (!test.postureAttributes().isEmpty()) {
            faults.add(new PolicyTestFailure.PostureNotEvaluated(
                    new TreeSet<>(test.postureAttributes().keySet())));
            return faults;
        }
        List<TestSubject> senders = subjects.of(test.source());
        if (senders.isEmpty()) {
            faults.add(new PolicyTestFailure.NoSender());
            return faults;
        }
        List<Protocol> protocols = test.protocol().map(List::of).orElse(UNLESS_NAMED);
        for (AclRule.Destination destination : test.accept()) {
            for (TestSubject sender : senders) {
                List<TestSubject> targets = subjects.of(destination.selector());
                boolean reached = !targets.isEmpty()
                        && protocols.stream()
                                .anyMatch(protocol -> targets.stream()
                                        .allMatch(target -> reaches(sender, target, protocol, destination.ports())));
                if (!reached) {
                    faults.add(new PolicyTestFailure.NotAccepted(destination, name(senders, sender)));
                    break;
                }
            }
        }
        for (AclRule.Destination destination : test.deny()) {
            senders.stream()
                    .flatMap(sender -> firstReaching(sender, destination, protocols).stream()
                            .map(rule -> new PolicyTestFailure.NotDenied(
                                    destination, rule, Optionals.orNull(rule.lineIn(policy)), name(senders, sender))))
                    .findFirst()
                    .ifPresent(faults::add);
        }
        return faults;
    }

    private static @Nullable String name(List<TestSubject> senders, TestSubject sender) {
        return senders.size() == 1 ? null : sender.name();
    }

    private boolean reaches(TestSubject sender, TestSubject target, Protocol protocol, List<PortRange> ports) {
        List<Rule> from = rules.stream().filter(rule -> admitsAll(rule, sender)).toList();
        for (int port : portsToAsk(ports, from)) {
            AddressSet reached = AddressSet.empty();
            boolean whole = false;
            for (Rule rule : from) {
                for (Rule.Target opened : rule.targets()) {
                    if (covers(opened, protocol, port)) {
                        whole |= namesAll(opened.destination(), target, sender);
                        if (target instanceof TestSubject.Addresses) {
                            reached = reached.union(subjects.addresses(opened.destination()));
                        }
                    }
                }
            }
            if (!whole && !(target instanceof TestSubject.Addresses at && reached.contains(at.addresses()))) {
                return false;
            }
        }
        return true;
    }

    private List<RuleId> firstReaching(TestSubject sender, AclRule.Destination destination, List<Protocol> protocols) {
        List<TestSubject> targets = subjects.of(destination.selector());
        for (Rule rule : rules) {
            if (!admitsSome(rule, sender)) {
                continue;
            }
            for (Rule.Target opened : rule.targets()) {
                boolean reached = targets.stream().anyMatch(target -> namesSome(opened.destination(), target, sender))
                        && protocols.stream()
                                .anyMatch(protocol -> portsToAsk(destination.ports(), List.of(rule)).stream()
                                        .anyMatch(port -> covers(opened, protocol, port)));
                if (reached) {
                    return List.of(rule.id());
                }
            }
        }
        return List.of();
    }

    private static boolean covers(Rule.Target opened, Protocol protocol, int port) {
        return opened.traffic().stream().anyMatch(traffic -> traffic.covers(protocol, port));
    }

    /** One port of each part of the ranges whose ports all rules treat alike. A range of only port 0 means no port. */
    private static SortedSet<Integer> portsToAsk(List<PortRange> ports, List<Rule> rules) {
        TreeSet<Integer> asked = new TreeSet<>();
        TreeSet<Integer> borders = new TreeSet<>();
        for (Rule rule : rules) {
            for (Rule.Target opened : rule.targets()) {
                for (Traffic traffic : opened.traffic()) {
                    for (PortRange range : traffic.ports()) {
                        borders.add(range.first());
                        borders.add(range.last() + 1);
                    }
                }
            }
        }
        for (PortRange range : ports) {
            int first = range.last() == 0 ? 0 : Math.max(1, range.first());
            asked.add(first);
            asked.addAll(borders.subSet(first, range.last() + 1));
        }
        return asked;
    }

    // Whom do rules name?

    private AddressSet union(List<Selector> selectors) {
        AddressSet all = AddressSet.empty();
        for (Selector selector : selectors) {
            all = all.union(subjects.addresses(selector));
        }
        return all;
    }

    private boolean admitsAll(Rule rule, TestSubject sender) {
        if (rule.self() && !(sender instanceof TestSubject.OfUser)) {
            return false;
        }
        return rule.sources().stream().anyMatch(source -> namesAll(source, sender, sender))
                || (sender instanceof TestSubject.Addresses at
                        && union(rule.sources()).contains(at.addresses()));
    }

    private boolean admitsSome(Rule rule, TestSubject sender) {
        if (rule.self() && !(sender instanceof TestSubject.OfUser || sender instanceof TestSubject.Anything)) {
            return false;
        }
        return rule.sources().stream().anyMatch(source -> namesSome(source, sender, sender));
    }

    /** Whether a selector names a subject wholly. */
    private boolean namesAll(Selector selector, TestSubject subject, TestSubject sender) {
        if (selector instanceof Selector.Everything || selector == Autogroup.DANGER_ALL) {
            return true;
        }
        if (subject instanceof TestSubject.Self) {
            return selector == Autogroup.SELF || namesAll(selector, sender, sender);
        }
        if (selector == Autogroup.SELF) {
            return subject instanceof TestSubject.OfUser && subject.equals(sender);
        }
        AddressSet addresses = subjects.addresses(selector);
        if (subject instanceof TestSubject.Addresses at) {
            return addresses.contains(at.addresses());
        }
        return namesOwner(selector, subject) || holdsOverlay(addresses);
    }

    /** Whether a selector names a part of a subject at least. */
    private boolean namesSome(Selector selector, TestSubject subject, TestSubject sender) {
        if (subject instanceof TestSubject.Anything || namesAll(selector, subject, sender)) {
            return true;
        }
        AddressSet addresses = subjects.addresses(selector);
        if (subject instanceof TestSubject.Addresses at) {
            return addresses.overlaps(at.addresses())
                    || (isRangeOfOverlay(at.addresses()) && subjects.isOfDevices(selector));
        }
        return isRangeOfOverlay(addresses);
    }

    private boolean isRangeOfOverlay(AddressSet addresses) {
        return !addresses.isEmpty()
                && rangesOfOverlay.computeIfAbsent(
                        addresses,
                        set -> set.intersect(devices).ranges().stream()
                                .anyMatch(range -> !range.first().equals(range.last())));
    }

    private boolean namesOwner(Selector selector, TestSubject subject) {
        if (subject instanceof TestSubject.OfUser of) {
            return policy.matches(selector, of.user().id(), subjects.users);
        }
        return subject instanceof TestSubject.OfTag of
                && (selector == Autogroup.TAGGED
                        || (selector instanceof Selector.Tagged tagged
                                && tagged.tag().equals(of.tag())));
    }

    private boolean holdsOverlay(AddressSet addresses) {
        return (!overlayIpv4.isEmpty() && addresses.contains(overlayIpv4))
                || (!overlayIpv6.isEmpty() && addresses.contains(overlayIpv6));
    }
}
