package dev.wayleave.policy;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.wayleave.policy.Selector.Address;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.Selector.Everything;
import dev.wayleave.policy.Selector.Group;
import dev.wayleave.policy.Selector.Host;
import dev.wayleave.policy.Selector.IpSet;
import dev.wayleave.policy.Selector.Network;
import dev.wayleave.policy.Selector.Tagged;
import dev.wayleave.policy.Selector.UserDomain;
import dev.wayleave.policy.Selector.UserName;
import java.util.EnumSet;
import java.util.Set;

/**
 * A place of selectors in a policy, with the kinds that are allowed there.
 *
 * <pre>
 *               *  user  user:*@  group  tag  host, address,  member  tagged  roles  self  internet  danger-all  shared
 *                                             prefix, IP set
 *   SOURCE      x   x      x       x     x        x             x       x       x                       x         x
 *   DESTINATION x   x      x       x     x        x             x       x       x     x       x
 *   APPROVER        x              x     x                      x       x       x
 *   TAG_OWNER       x              x     x                      x               x
 *   GROUP_MEMBER    x
 *   VIA                                  x
 *   CONNECTOR   x                        x
 * </pre>
 */
enum SelectorPosition {
    SOURCE(
            "a source",
            "`*`, users, groups, tags, hosts, addresses, prefixes, IP sets and autogroups of nodes",
            OfRules.KINDS,
            EnumSet.complementOf(EnumSet.of(Autogroup.SELF, Autogroup.INTERNET))),
    DESTINATION(
            "a destination",
            "`*`, users, groups, tags, hosts, addresses, prefixes, IP sets and autogroups but `autogroup:danger-all` "
                    + "and `autogroup:shared`",
            OfRules.KINDS,
            EnumSet.complementOf(EnumSet.of(Autogroup.DANGER_ALL, Autogroup.SHARED))),
    APPROVER(
            "an approver",
            "users, groups, tags, `autogroup:member`, `autogroup:tagged` and the autogroups of roles",
            Set.of(UserName.class, Group.class, Tagged.class),
            EnumSet.complementOf(
                    EnumSet.of(Autogroup.SELF, Autogroup.INTERNET, Autogroup.DANGER_ALL, Autogroup.SHARED))),
    TAG_OWNER(
            "the owner of a tag",
            "users, groups, tags, `autogroup:member` and the autogroups of roles",
            Set.of(UserName.class, Group.class, Tagged.class),
            EnumSet.complementOf(EnumSet.of(
                    Autogroup.TAGGED, Autogroup.SELF, Autogroup.INTERNET, Autogroup.DANGER_ALL, Autogroup.SHARED))),
    GROUP_MEMBER(
            "the member of a group",
            "users (`alice@example.com` or `alice@`)",
            Set.of(UserName.class),
            EnumSet.noneOf(Autogroup.class)),
    VIA("via", "tags", Set.of(Tagged.class), EnumSet.noneOf(Autogroup.class)),
    CONNECTOR(
            "an app connector",
            "`*` and tags",
            Set.of(Everything.class, Tagged.class),
            EnumSet.noneOf(Autogroup.class));

    /** A class of its own: an enum makes its values before its other constants. */
    private static final class OfRules {

        /** The kinds that a rule may have as sources and destinations. */
        static final Set<Class<? extends Selector>> KINDS = Set.of(
                Everything.class,
                UserName.class,
                UserDomain.class,
                Group.class,
                Tagged.class,
                Host.class,
                Address.class,
                Network.class,
                IpSet.class);
    }

    private final String title;
    private final String allowed;
    private final ImmutableSet<Class<? extends Selector>> kinds;
    private final ImmutableSet<Autogroup> autogroups;

    SelectorPosition(String title, String allowed, Set<Class<? extends Selector>> kinds, Set<Autogroup> autogroups) {
        this.title = title;
        this.allowed = allowed;
        this.kinds = ImmutableSet.copyOf(kinds);
        this.autogroups = Sets.immutableEnumSet(autogroups);
    }

    boolean allows(Selector selector) {
        return selector instanceof Autogroup autogroup
                ? autogroups.contains(autogroup)
                : kinds.contains(selector.getClass());
    }

    String refusal(Selector selector) {
        return Quotes.quoted(selector.text()) + " cannot be " + title + ": only " + allowed + " can";
    }
}
