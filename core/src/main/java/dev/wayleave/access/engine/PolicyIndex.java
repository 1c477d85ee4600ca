package dev.wayleave.access.engine;

import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.engine.NamedOwners;
import dev.wayleave.policy.engine.OwnerSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A policy turned around: from an owner, an address or a prefix to the rules that name it. It reads users, and no node.
 *
 * <p>Rules have numbers, kept as bits:
 *
 * <pre>
 *   0 … entries-1            the entries of the policy; those with autogroup:self only say here whom their sources name
 *   entries … numbers-1      autogroup:self, spelled out: one number for each such entry and user
 * </pre>
 */
final class PolicyIndex {

    private static final OwnerSet NOBODY = OwnerSet.nobody();

    private static final AddressSet ALL_IPV4 = AddressSet.of(Prefix.parse("0.0.0.0/0"));

    final RoutingPolicy policy;
    final Users users;
    final OverlayRanges overlay;
    final List<Rule> rules;
    final AddressSet publicInternet;
    private final AddressSet publicIpv4;
    private final AddressSet publicIpv6;

    /** Bits of the entries alone, in words. */
    final int entryWords;

    /** Bits of all numbers, in words. */
    final int words;

    private final int numbers;
    private final int[] selfEntries;
    private final UserId[] selfUsers;
    private final Map<UserId, Integer> userPlaces = new HashMap<>();
    private final Map<Selector, OwnerSet> owners = new HashMap<>();

    final OwnerMasks sourceOwners;
    final OwnerMasks destinationOwners;
    private final Map<Tag, long[]> viaTags = new HashMap<>();

    final PrefixTable<long[]> sourceLiterals;
    final PrefixTable<long[]> destinationLiterals;
    final PrefixTable<long[]> viaLiterals;

    final long[] anySource;
    final long[] wildcardSource;
    final long[] selfEntryMask;

    /** What opens by itself: plain entries for {@code *}, the internet and public prefixes, and the same with via. */
    final Special plain;

    final Special via;

    /** Entries with a kind of destination that no address stands for. */
    static final class Special {
        final long[] everything;
        /** Those for {@code *} that let traffic pass, so that routes are of use. */
        final long[] everythingToPass;

        final long[] internet;
        final long[] publicPrefix;
        /**
         * Those for {@code *}, the internet and public prefixes that let traffic pass, so that exit routes are of use.
         */
        final long[] exit;
        /** Those of them that lead to the internet as a whole, or to all of it of one family. */
        final long[] wholeInternet;

        Special(int words) {
            everything = new long[words];
            everythingToPass = new long[words];
            internet = new long[words];
            publicPrefix = new long[words];
            exit = new long[words];
            wholeInternet = new long[words];
        }
    }

    PolicyIndex(RoutingPolicy policy, Users users, OverlayRanges overlay) {
        this.policy = policy;
        this.users = users;
        this.overlay = overlay;
        this.publicInternet = overlay.publicInternet();
        this.publicIpv4 = publicInternet.intersect(ALL_IPV4);
        this.publicIpv6 = publicInternet.subtract(ALL_IPV4);
        this.rules = Rule.of(policy, publicInternet);
        this.entryWords = (rules.size() + 63) >>> 6;
        this.selfEntries = selfEntries(rules);
        this.selfUsers = selfEntries.length == 0
                ? new UserId[0]
                : users.all().stream().map(user -> user.id()).toArray(UserId[]::new);
        for (int i = 0; i < selfUsers.length; i++) {
            userPlaces.put(selfUsers[i], i);
        }
        this.numbers = rules.size() + selfEntries.length * selfUsers.length;
        this.words = (numbers + 63) >>> 6;
        this.sourceOwners = new OwnerMasks(entryWords);
        this.destinationOwners = new OwnerMasks(entryWords);
        this.anySource = new long[entryWords];
        this.wildcardSource = new long[entryWords];
        this.selfEntryMask = new long[entryWords];
        this.plain = new Special(entryWords);
        this.via = new Special(entryWords);
        for (int entry : selfEntries) {
            Masks.set(selfEntryMask, entry);
        }
        this.sourceLiterals = indexSources();
        TreeMap<Prefix, long[]> viaPrefixes = new TreeMap<>();
        this.destinationLiterals = indexDestinations(viaPrefixes);
        this.viaLiterals = PrefixTable.copyOf(viaPrefixes);
    }

    boolean isOfThePolicyOf(PolicyIndex other) {
        return this == other
                || (overlay.equals(other.overlay) && users.equals(other.users) && policy.equals(other.policy));
    }

    private static int[] selfEntries(List<Rule> rules) {
        int[] entries = new int[rules.size()];
        int count = 0;
        for (int i = 0; i < entries.length; i++) {
            if (rules.get(i).self()) {
                entries[count++] = i;
            }
        }
        return Arrays.copyOf(entries, count);
    }

    private PrefixTable<long[]> indexSources() {
        Map<Selector, long[]> named = new HashMap<>();
        TreeMap<Prefix, long[]> literals = new TreeMap<>();
        for (int i = 0; i < rules.size(); i++) {
            for (Selector selector : rules.get(i).sources()) {
                Optional<Prefix> literal = literal(selector);
                if (selector instanceof Selector.Everything) {
                    Masks.set(wildcardSource, i);
                } else if (selector == Autogroup.DANGER_ALL) {
                    Masks.set(anySource, i);
                } else if (literal.isPresent()) {
                    Masks.set(literals.computeIfAbsent(literal.get(), p -> new long[entryWords]), i);
                } else {
                    Masks.set(named.computeIfAbsent(selector, s -> new long[entryWords]), i);
                }
            }
        }
        named.forEach((selector, mask) -> sourceOwners.add(resolve(selector), mask));
        return PrefixTable.copyOf(literals);
    }

    private PrefixTable<long[]> indexDestinations(Map<Prefix, long[]> viaPrefixes) {
        Map<Selector, long[]> named = new HashMap<>();
        TreeMap<Prefix, long[]> literals = new TreeMap<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            for (Tag tag : rule.via()) {
                Masks.set(viaTags.computeIfAbsent(tag, t -> new long[entryWords]), i);
            }
            Special special = rule.isVia() ? via : plain;
            for (Rule.Opening opening : rule.openings()) {
                Selector selector = opening.destination();
                Optional<Prefix> literal = literal(selector);
                boolean isPublic = literal.filter(this::isPublic).isPresent();
                if (selector instanceof Selector.Everything) {
                    Masks.set(special.everything, i);
                } else if (selector == Autogroup.INTERNET) {
                    Masks.set(special.internet, i);
                } else if (literal.isPresent()) {
                    Map<Prefix, long[]> table = rule.isVia() ? viaPrefixes : literals;
                    Masks.set(table.computeIfAbsent(literal.get(), p -> new long[entryWords]), i);
                } else if (!rule.isVia()) {
                    Masks.set(named.computeIfAbsent(selector, s -> new long[entryWords]), i);
                }
                if (isPublic) {
                    Masks.set(special.publicPrefix, i);
                }
                if (!opening.traffic().isEmpty()) {
                    if (selector instanceof Selector.Everything) {
                        Masks.set(special.everythingToPass, i);
                    }
                    boolean whole = namesTheWholeInternet(selector);
                    if (whole) {
                        Masks.set(special.wholeInternet, i);
                    }
                    if (whole || isPublic) {
                        Masks.set(special.exit, i);
                    }
                }
            }
        }
        named.forEach((selector, mask) -> destinationOwners.add(resolve(selector), mask));
        return PrefixTable.copyOf(literals);
    }

    /** The address or prefix that a selector spells; a host that the policy does not define spells nothing. */
    Optional<Prefix> literal(Selector selector) {
        if (selector instanceof Selector.Network network) {
            return Optional.of(network.prefix());
        }
        if (selector instanceof Selector.Address address) {
            return Optional.of(Prefix.of(address.address(), address.address().isIpv4() ? 32 : 128));
        }
        if (selector instanceof Selector.Host host) {
            return Optional.ofNullable(policy.hosts().get(host.text()));
        }
        return Optional.empty();
    }

    /** Tells whether a prefix is a part of the internet or holds all of it of its family, and so goes to exit nodes. */
    boolean isPublic(Prefix prefix) {
        return publicInternet.contains(prefix) || holdsTheInternet(prefix);
    }

    /** Tells whether a prefix overlaps the public ranges, so that a subnet route for it leads to the internet. */
    boolean isPartlyPublic(Prefix prefix) {
        return publicInternet.overlaps(prefix);
    }

    private boolean holdsTheInternet(Prefix prefix) {
        AddressSet ofFamily = prefix.isIpv4() ? publicIpv4 : publicIpv6;
        return !ofFamily.isEmpty() && AddressSet.of(prefix).contains(ofFamily);
    }

    private boolean namesTheWholeInternet(Selector selector) {
        return selector instanceof Selector.Everything
                || selector == Autogroup.INTERNET
                || literal(selector).filter(this::holdsTheInternet).isPresent();
    }

    /**
     * The public prefix because of which a rule leads to exit nodes: of a family if it has such a one, else of the
     * other; nothing if the rule leads to all of the internet of that family. A viewer that is steered is led there by
     * a plain rule only for all of the internet.
     */
    Optional<Prefix> publicDestination(Rule rule, boolean ipv4, boolean steered) {
        Prefix found = null;
        for (Rule.Opening opening : rule.openings()) {
            if (!opening.traffic().isEmpty()) {
                Selector selector = opening.destination();
                Prefix literal = literal(selector).orElse(null);
                boolean ofFamily = literal == null || literal.isIpv4() == ipv4;
                if (ofFamily && namesTheWholeInternet(selector)) {
                    return Optional.empty();
                }
                boolean leads = !steered || rule.isVia() || namesTheWholeInternet(selector);
                if (literal != null
                        && leads
                        && isPublic(literal)
                        && (found == null || (ofFamily && found.isIpv4() != ipv4))) {
                    found = literal;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private OwnerSet resolve(Selector selector) {
        return owners.computeIfAbsent(selector, s -> NamedOwners.of(s, policy.groups(), users));
    }

    /** Whom a selector of this policy names; all of them were resolved at construction. */
    OwnerSet ownersOf(Selector selector) {
        return owners.getOrDefault(selector, NOBODY);
    }

    void viaInto(long[] bits, Owner owner) {
        if (owner instanceof Owner.Tagged tagged) {
            for (Tag tag : tagged.tags()) {
                Masks.or(bits, viaTags.get(tag));
            }
        }
    }

    /** Adds the entries of a table that overlap a prefix. */
    static void overlapping(long[] bits, PrefixTable<long[]> table, Prefix prefix) {
        for (PrefixTable.Entry<long[]> entry : table.overlapping(prefix)) {
            Masks.or(bits, entry.value());
        }
    }

    /** Adds the entries of a table that hold an address. */
    static void covering(long[] bits, PrefixTable<long[]> table, IpAddress address) {
        for (PrefixTable.Entry<long[]> entry : table.covering(address)) {
            Masks.or(bits, entry.value());
        }
    }

    // autogroup:self, spelled out

    int numbers() {
        return numbers;
    }

    /** Adds the numbers that stand for some self entries and one user. */
    void selfInto(long[] bits, long[] entries, Owner owner) {
        if (owner instanceof Owner.OfUser user && selfEntries.length > 0) {
            Integer place = userPlaces.get(user.id());
            if (place != null) {
                for (int i = 0; i < selfEntries.length; i++) {
                    if (Masks.get(entries, selfEntries[i])) {
                        Masks.set(bits, rules.size() + i * selfUsers.length + place);
                    }
                }
            }
        }
    }

    /** Clears the bits of autogroup:self entries. Such a bit only marks the entry's sources. It allows no traffic. */
    void clearSelfEntries(long[] bits) {
        for (int i = 0; i < entryWords; i++) {
            bits[i] &= ~selfEntryMask[i];
        }
    }

    /** The bits of a word that are no entries but rules made from autogroup:self: the rest of the last word. */
    long selfBits(int word) {
        int used = rules.size() & 63;
        return word == entryWords - 1 && used != 0 ? -1L << used : 0;
    }

    Rule rule(int number) {
        return rules.get(number < rules.size() ? number : selfEntries[(number - rules.size()) / selfUsers.length]);
    }

    /**
     * The number that stands for an entry with autogroup:self and an owner; empty unless the owner is a user of the
     * tailnet.
     */
    OptionalInt selfNumber(int entry, Owner owner) {
        int at = Arrays.binarySearch(selfEntries, entry);
        Integer place = owner instanceof Owner.OfUser user ? userPlaces.get(user.id()) : null;
        return at < 0 || place == null
                ? OptionalInt.empty()
                : OptionalInt.of(rules.size() + at * selfUsers.length + place);
    }

    /** The user for whom a number stands, if it is one of autogroup:self. */
    Optional<UserId> selfUser(int number) {
        return number < rules.size()
                ? Optional.empty()
                : Optional.of(selfUsers[(number - rules.size()) % selfUsers.length]);
    }
}
