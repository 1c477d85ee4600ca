package dev.wayleave.foresight;

import dev.wayleave.internal.Texts;
import dev.wayleave.net.Via6;
import java.util.Arrays;
import java.util.Objects;

/**
 * The kinds of findings of {@link Lint}. The code of a kind is API: a minor version may add codes, named in the
 * changelog, and renames none.
 */
public enum LintCode {
    /** Routers that share no tag and no user have one prefix, so that they fail over to each other. */
    UNRELATED_ROUTERS(
            LintSeverity.WARNING,
            "one prefix at routers that share no tag and no user: they fail over to each other",
            "give the routers a common tag, or give each site prefixes of its own (4via6)"),
    /** A prefix has one router, and lies under a wider one with several. */
    NO_FALLBACK(
            LintSeverity.WARNING,
            "a prefix with one router under a wider one with several",
            "advertise the narrow prefix at a second router, or nowhere"),
    /** A key of the auto-approvers adds nothing to a wider one. */
    SHADOWED_APPROVERS(
            LintSeverity.INFO,
            "a key of `autoApprovers.routes` that adds nothing to a wider key",
            "remove the key, or narrow the approvers of the wider key"),
    /** A name in the policy matches nothing in the tailnet. */
    UNKNOWN_NAME(
            LintSeverity.WARNING,
            "a name in the policy that matches no user, tag or host of the tailnet",
            "correct the name, or remove it"),
    /** The policy reads an entry in a way that its author may not expect. */
    POLICY_NOTICE(
            LintSeverity.INFO,
            "an entry of the policy that means something else than its author may think",
            "write the entry as it is meant"),
    /** No node is a source of a rule. */
    RULE_WITHOUT_SOURCE(
            LintSeverity.WARNING,
            "a rule whose sources name no node and no address",
            "correct the sources, or remove the rule"),
    /** No node is a destination of a rule. */
    RULE_WITHOUT_DESTINATION(
            LintSeverity.WARNING,
            "a rule whose destinations name no node and no address",
            "correct the destinations, or remove the rule"),
    /** No router with one of the tags of {@code via} has a route to the destinations of the rule. */
    VIA_WITHOUT_ROUTER(
            LintSeverity.ERROR,
            "a rule with `via` that no router serves: it opens nothing",
            "give a router with a route to the destinations one of the tags, or remove `via`"),
    /** Only one router with the tags of {@code via} has a route to the destinations of the rule. */
    VIA_SINGLE_ROUTER(
            LintSeverity.INFO,
            "a rule with `via` that only one router serves",
            "give a second router the tag and the routes"),
    /** A route covers addresses that it cannot lead to. */
    RESERVED_PREFIX(
            LintSeverity.ERROR,
            "a route over the tailnet's own addresses, the clients' resolver, loopback, link-local or multicast",
            "advertise prefixes without these addresses"),
    /** A route in the 4via6 range stands for no IPv4 block that a client reads. */
    UNREADABLE_VIA6(
            LintSeverity.ERROR,
            "a route in the 4via6 range that stands for no IPv4 block",
            "advertise a site from 0 to " + Via6.MAX_ADVERTISED_SITE + " with a block of length 96 to 128"),
    /** A node has an address to which no packet travels. */
    RESERVED_ADDRESS(
            LintSeverity.ERROR,
            "a node whose own address means something else on every client",
            "give the node an address of the tailnet's own ranges"),
    /** Several nodes have one address. */
    SHARED_ADDRESS(LintSeverity.ERROR, "nodes with one address", "give each node an address of its own"),
    /** A node has one exit route without the other. */
    HALF_EXIT_NODE(
            LintSeverity.WARNING,
            "one exit route without the other: most clients do not offer such an exit node",
            "advertise and approve both `0.0.0.0/0` and `::/0`"),
    /** A route was approved long ago, and its node does not advertise it. */
    APPROVED_NOT_ADVERTISED(
            LintSeverity.INFO,
            "a route that was approved long ago, and that its node does not advertise",
            "advertise it, or revoke it: a node that advertises it later carries it at once"),
    /** A route is advertised for long, and waits for an approval. */
    WAITING_FOR_APPROVAL(
            LintSeverity.INFO,
            "a route that is advertised for long, and waits for an approval",
            "approve it, deny it, or stop advertising it"),
    /** A rule opens the network of an exit node to everything. */
    EXIT_NODE_NETWORK_OPEN(
            LintSeverity.WARNING,
            "an exit node with a private network that a rule with the destination `*` opens",
            "write `autogroup:internet` where exit nodes are meant"),
    /** A rule from {@code *} to {@code *} gives every node the subnet routes. */
    OPEN_TO_EVERY_NODE(
            LintSeverity.INFO,
            "a rule from `*` to `*` that gives every node subnet routes",
            "name who needs the routes, for example `autogroup:member`"),
    /** The policy approved a route, and would not approve it today. */
    STALE_APPROVAL(
            LintSeverity.WARNING,
            "a route that the policy approved, and would not approve today",
            "let an approver name the node again, or revoke the route; to keep it, approve it by hand after that"),
    /** The key of a router expired. */
    KEY_EXPIRED(
            LintSeverity.ERROR,
            "a router whose key expired: clients keep its routes, and reach nothing",
            "renew the key, or disable its expiry"),
    /** The key of a router expires soon. */
    KEY_EXPIRES_SOON(LintSeverity.WARNING, "a router whose key expires soon", "renew the key, or disable its expiry"),
    /** Two names look alike. */
    LOOK_ALIKE_NAMES(LintSeverity.WARNING, "names that differ only in invisible characters", "rename one of them"),
    /** A test of the policy in force fails. */
    FAILING_TEST(LintSeverity.ERROR, "a test of the policy that fails now", "correct the rules, or the test"),
    /** A finding is accepted, and is no longer found. */
    UNUSED_ACCEPTANCE(
            LintSeverity.INFO, "an accepted finding that is no longer found", "remove it from the accepted findings");

    private final LintSeverity severity;
    private final String title;
    private final String advice;

    LintCode(LintSeverity severity, String title, String advice) {
        this.severity = severity;
        this.title = title;
        this.advice = advice;
    }

    /** {@return the stable code in lower-case words with hyphens, for example {@code unrelated-routers}} */
    public String code() {
        return Texts.hyphenated(this);
    }

    /**
     * Finds a code by its text.
     *
     * @param text for example {@code unrelated-routers}
     * @return the code
     * @throws IllegalArgumentException if there is no such code
     */
    public static LintCode of(String text) {
        Objects.requireNonNull(text, "text");
        for (LintCode code : values()) {
            if (code.code().equals(text)) {
                return code;
            }
        }
        throw new IllegalArgumentException("`" + text + "` is not a code of a finding: the codes are "
                + Texts.join(Arrays.stream(values()).map(LintCode::code).toList()));
    }

    /** {@return how much such a finding matters, unless options change it} */
    public LintSeverity severity() {
        return severity;
    }

    /** {@return what such a finding is, in lower case} */
    public String title() {
        return title;
    }

    /** {@return what to do about it, in lower case} */
    public String advice() {
        return advice;
    }
}
