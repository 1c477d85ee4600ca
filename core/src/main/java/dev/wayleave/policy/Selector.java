package dev.wayleave.policy;

import dev.wayleave.mesh.Role;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a policy's list of sources, destinations, approvers or owners: whom or what it names.
 *
 * <p>{@link #text} is the spelling in the policy.
 *
 * <p><b>A new kind</b>, of approvers or of sources, needs changes at these places:
 *
 * <ol>
 *   <li>here a record, and in {@code SelectorText} its spelling;
 *   <li>{@code SelectorPosition}: the sections of a policy where it is allowed;
 *   <li>if the policy defines its names: {@code PolicySelectors.undefined}, {@code foresight.RuleFates} ({@code names},
 *       {@code redefined}), {@code foresight.ApprovalComparison.parts}, which compares the groups, and
 *       {@code access.engine.SelectorOwners.isUnchanged}: a kind that it does not name is looked up at each new policy;
 *   <li>if it names owners: {@code policy.engine.NamedOwners}, {@code foresight.OwnerAtom}, by which
 *       {@code policy diff} distinguishes owners, and {@code foresight.ComparedRule}, which gives equal entries one
 *       spelling. Override {@link #describes} if it names users by a fact of the user, and change
 *       {@link RoutingPolicy#matches} if it lists users. Change {@code UnmatchedNames} if it may name no user of the
 *       tailnet, and {@code RuleDecoder.hasSelf} if a rule with it may have {@code autogroup:self};
 *   <li>if it lists users as a group does: {@code access.engine.TestSubjects} ({@code assume}, {@code owners});
 *   <li>if it names addresses: {@code access.engine.Rule}, whose method {@code spelling} replaces it by prefixes,
 *       {@code access.engine.TestSubjects}, {@code RuleDecoder.prefixes}, {@code foresight.ViaChecks.prefixes} and
 *       {@code foresight.PolicyChecks.wholeFamilies};
 *   <li>if it names neither owners nor addresses: {@code access.engine.PolicyIndex} ({@code indexSources},
 *       {@code indexDestinations}) and {@code access.engine.FilterWriter};
 *   <li>tests: {@code SelectorTest}, {@code PolicyArbitraries} ({@code everySelector}, {@code mayBeApprover}), which
 *       {@code SelectorTest} checks, and the slow twin of rules, {@code NaiveFilter}, which finds the named nodes by
 *       itself. {@code RandomPolicies}, {@code PolicyPairs} and {@code AutoApprovalPropertyTest} have lists of their
 *       own;
 *   <li>documents: {@code CHANGELOG.md}.
 * </ol>
 *
 * <p>Approval reads the owner of a node and no other fact ({@code AutoApproval.review}). If an approver names nodes by
 * another fact, {@code policy.engine.OwnerSet} needs that fact, and each review of a route must pass it.
 */
public sealed interface Selector {

    /** {@return the selector as a policy writes it, for example {@code group:admins}} */
    String text();

    /**
     * Reads a selector as policies write it. Whether what it names is defined, and whether it is allowed at a place, is
     * checked when a policy is made of it.
     *
     * @param text {@code *}, a user such as {@code alice@example.com} or {@code alice@}, {@code user:*@example.com},
     *     {@code group:admins}, {@code tag:router}, {@code autogroup:member}, an address, a prefix without host bits,
     *     {@code ipset:office}, or the name of a host; at most 255 characters
     * @return the selector
     * @throws PolicyException if the text is anything else
     */
    static Selector parse(String text) {
        Objects.requireNonNull(text, "text");
        return Problems.orThrow(complaint -> SelectorText.parse(text, complaint));
    }

    /**
     * {@return whether it names nodes by their owners, which are users or tags; false if it names addresses, every
     * node, or, as {@code autogroup:self} does, the nodes of the source's user}
     */
    boolean namesOwners();

    /**
     * Returns whether a domain or an autogroup names a user, by the e-mail or the role of the user.
     * {@link RoutingPolicy#matches} answers for every kind.
     *
     * @param user a user of the tailnet
     * @return false for every kind but a domain and an autogroup
     */
    default boolean describes(User user) {
        Objects.requireNonNull(user, "user");
        return false;
    }

    /** The selector {@code *}. */
    record Everything() implements Selector {
        @Override
        public String text() {
            return "*";
        }

        @Override
        public boolean namesOwners() {
            return false;
        }
    }

    /**
     * One user, by e-mail, or by name with a trailing {@code @}.
     *
     * @param text for example {@code alice@example.com} or {@code alice@}
     */
    record UserName(String text) implements Selector {

        /**
         * Checks the text.
         *
         * @throws IllegalArgumentException if policies would not read it as a user
         */
        public UserName {
            Objects.requireNonNull(text, "text");
            SelectorText.check(SelectorText.isUserName(text), text, "a user");
        }

        @Override
        public boolean namesOwners() {
            return true;
        }
    }

    /**
     * All users whose e-mail is in a domain: {@code user:*@example.com}.
     *
     * @param domain for example {@code example.com}
     */
    record UserDomain(String domain) implements Selector {

        /**
         * Checks the domain.
         *
         * @throws IllegalArgumentException if policies would not read it as a domain
         */
        public UserDomain {
            Objects.requireNonNull(domain, "domain");
            SelectorText.check(SelectorText.isDomain(domain), domain, "a domain");
        }

        @Override
        public String text() {
            return "user:*@" + domain;
        }

        @Override
        public boolean describes(User user) {
            Objects.requireNonNull(user, "user");
            String suffix = "@" + domain.toLowerCase(Locale.ROOT);
            return !user.isSharedIn()
                    && user.email()
                            .filter(email -> email.toLowerCase(Locale.ROOT).endsWith(suffix))
                            .isPresent();
        }

        @Override
        public boolean namesOwners() {
            return true;
        }
    }

    /**
     * The users of a group.
     *
     * @param text the whole text, for example {@code group:admins}
     */
    record Group(String text) implements Selector {

        /**
         * Checks the text.
         *
         * @throws IllegalArgumentException if policies would not read it as a group
         */
        public Group {
            Objects.requireNonNull(text, "text");
            SelectorText.check(SelectorText.isGroupName(text), text, "a group");
        }

        @Override
        public boolean namesOwners() {
            return true;
        }
    }

    /**
     * The nodes that carry a tag.
     *
     * @param tag the tag
     */
    record Tagged(Tag tag) implements Selector {

        public Tagged {
            Objects.requireNonNull(tag, "tag");
        }

        @Override
        public String text() {
            return tag.value();
        }

        @Override
        public boolean namesOwners() {
            return true;
        }
    }

    /**
     * A name from the policy's section {@code hosts}.
     *
     * @param text the name
     */
    record Host(String text) implements Selector {

        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if policies would not read it as the name of a host
         */
        public Host {
            Objects.requireNonNull(text, "text");
            SelectorText.check(SelectorText.isHostName(text), text, "a name of a host");
        }

        @Override
        public boolean namesOwners() {
            return false;
        }
    }

    /**
     * The addresses of an IP set from the policy's section {@code ipsets}.
     *
     * @param text the whole text, for example {@code ipset:office}
     */
    record IpSet(String text) implements Selector {

        /**
         * Checks the text.
         *
         * @throws IllegalArgumentException if policies would not read it as an IP set
         */
        public IpSet {
            Objects.requireNonNull(text, "text");
            SelectorText.check(SelectorText.isIpSetName(text), text, "an IP set");
        }

        @Override
        public boolean namesOwners() {
            return false;
        }
    }

    /**
     * One address.
     *
     * @param address the address
     */
    record Address(IpAddress address) implements Selector {

        public Address {
            Objects.requireNonNull(address, "address");
        }

        @Override
        public String text() {
            return address.toString();
        }

        @Override
        public boolean namesOwners() {
            return false;
        }
    }

    /**
     * A block of addresses.
     *
     * @param prefix the block
     */
    record Network(Prefix prefix) implements Selector {

        public Network {
            Objects.requireNonNull(prefix, "prefix");
        }

        @Override
        public String text() {
            return prefix.toString();
        }

        @Override
        public boolean namesOwners() {
            return false;
        }
    }

    /** A set that the control plane keeps by itself. */
    enum Autogroup implements Selector {
        /** The nodes of all users of the tailnet, without those that are shared in. */
        MEMBER("autogroup:member"),
        /** The nodes that carry any tag. */
        TAGGED("autogroup:tagged"),
        /** As a destination: the nodes of the same user as the source. */
        SELF("autogroup:self"),
        /** As a destination: the public internet, through exit nodes. */
        INTERNET("autogroup:internet"),
        /** As a source: any address at all. */
        DANGER_ALL("autogroup:danger-all"),
        /** The nodes of users with the role of an admin. */
        ADMIN("autogroup:admin", Role.ADMIN),
        /** The nodes of users with the role of a network admin. */
        NETWORK_ADMIN("autogroup:network-admin", Role.NETWORK_ADMIN),
        /** The nodes of the owner of the tailnet. */
        OWNER("autogroup:owner", Role.OWNER),
        /** The nodes of users with the role of an IT admin. */
        IT_ADMIN("autogroup:it-admin", Role.IT_ADMIN),
        /** The nodes of users with the role of a billing admin. */
        BILLING_ADMIN("autogroup:billing-admin", Role.BILLING_ADMIN),
        /** The nodes of users with the role of an auditor. */
        AUDITOR("autogroup:auditor", Role.AUDITOR),
        /** As a source: the nodes of users of other tailnets that are shared in; the host marks them. */
        SHARED("autogroup:shared");

        private final String text;
        private final @Nullable Role roleOrNull;

        Autogroup(String text) {
            this(text, null);
        }

        Autogroup(String text, @Nullable Role roleOrNull) {
            this.text = text;
            this.roleOrNull = roleOrNull;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public boolean namesOwners() {
            return switch (this) {
                case SELF, INTERNET, DANGER_ALL -> false;
                case MEMBER, TAGGED, ADMIN, NETWORK_ADMIN, OWNER, IT_ADMIN, BILLING_ADMIN, AUDITOR, SHARED -> true;
            };
        }

        /** {@return the role of the users that it names; empty if it names no role} */
        public Optional<Role> role() {
            return Optional.ofNullable(roleOrNull);
        }

        @Override
        public boolean describes(User user) {
            Objects.requireNonNull(user, "user");
            return switch (this) {
                case SHARED -> user.isSharedIn();
                case MEMBER -> !user.isSharedIn();
                case TAGGED, SELF, INTERNET, DANGER_ALL -> false;
                default -> !user.isSharedIn() && user.role() == roleOrNull;
            };
        }

        /** Whether it names users by what only some of them are. */
        boolean namesSomeUsers() {
            return roleOrNull != null || this == SHARED;
        }
    }
}
