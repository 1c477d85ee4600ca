package dev.wayleave.policy;

import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;

/**
 * One entry of a policy's list of sources, destinations, approvers or owners: whom or what it names.
 *
 * <p>Immutable and safe for use by several threads. {@link #text} is the spelling in the policy.
 */
public sealed interface Selector {

    /**
     * Returns the selector as a policy writes it.
     *
     * @return for example {@code group:admins}
     */
    String text();

    /** The selector {@code *}. */
    record Everything() implements Selector {
        @Override
        public String text() {
            return "*";
        }
    }

    /**
     * One user, by e-mail, or by name with a trailing {@code @}.
     *
     * @param text for example {@code alice@example.com} or {@code alice@}
     */
    record UserName(String text) implements Selector {}

    /**
     * All users whose e-mail is in a domain: {@code user:*@example.com}.
     *
     * @param domain for example {@code example.com}
     */
    record UserDomain(String domain) implements Selector {
        @Override
        public String text() {
            return "user:*@" + domain;
        }
    }

    /**
     * The users of a group.
     *
     * @param text the whole text, for example {@code group:admins}
     */
    record Group(String text) implements Selector {}

    /**
     * The nodes that carry a tag.
     *
     * @param tag the tag
     */
    record Tagged(Tag tag) implements Selector {
        @Override
        public String text() {
            return tag.value();
        }
    }

    /**
     * A name from the policy's section {@code hosts}.
     *
     * @param text the name
     */
    record Host(String text) implements Selector {}

    /**
     * One address.
     *
     * @param address the address
     */
    record Address(IpAddress address) implements Selector {
        @Override
        public String text() {
            return address.toString();
        }
    }

    /**
     * A block of addresses.
     *
     * @param prefix the block
     */
    record Network(Prefix prefix) implements Selector {
        @Override
        public String text() {
            return prefix.toString();
        }
    }

    /** A set that the control plane keeps by itself. */
    enum Autogroup implements Selector {
        /** The nodes of all users. */
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
        ADMIN("autogroup:admin"),
        /** The nodes of users with the role of a network admin. */
        NETWORK_ADMIN("autogroup:network-admin"),
        /** The nodes of the owner of the tailnet. */
        OWNER("autogroup:owner");

        private final String text;

        Autogroup(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }
}
