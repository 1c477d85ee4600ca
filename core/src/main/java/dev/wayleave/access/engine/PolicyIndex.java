package dev.wayleave.access.engine;

import com.google.common.collect.Lists;
import dev.wayleave.internal.BitArrays;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.PrefixTable;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import dev.wayleave.policy.engine.OwnerSet;
import dev.wayleave.policy.engine.UserDifference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A policy turned around: from an owner, an address or a prefix to the rules that name it. It reads users, and no node.
 * {@link RuleNumbers} gives rules their numbers, and so their bits.
 */
final class PolicyIndex {

    final RoutingPolicy policy;
    final Users users;
    final OverlayRanges overlay;
    final RuleNumbers numbers;
    final InternetRanges internet;

    /** Bits of all entries, in words. */
    final int words;

    private final SelectorOwners owners;

    final OwnerRules sourceOwners;
    final OwnerRules destinationOwners;
    private final Map<Tag, long[]> viaTags = new HashMap<>();

    final PrefixTable<long[]> sourceLiterals;
    final PrefixTable<long[]> destinationLiterals;
    final PrefixTable<long[]> viaLiterals;

    /** Whether an entry without via has an address or a range that overlaps the overlay. */
    final boolean hasOverlayLiterals;

    final long[] anySource;
    final long[] wildcardSource;

    /** The same as rules. */
    final RuleSet wildcardRules;

    /** Entries with {@code autogroup:self}. */
    final long[] selfEntries;

    /** Entries that let no traffic pass, and give only capabilities. */
    final RuleSet withoutTraffic;

    /** Entries without via for {@code *}, the internet and public prefixes. */
    final WideEntries plain;

    /** The same with via. */
    final WideEntries via;

    /** Entries by their wide destination: {@code *}, the internet, or a public prefix. */
    static final class WideEntries {
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

        WideEntries(int words) {
            everything = new long[words];
            everythingToPass = new long[words];
            internet = new long[words];
            publicPrefix = new long[words];
            exit = new long[words];
            wholeInternet = new long[words];
        }
    }

    /**
     * Reads a policy.
     *
     * @param previous the index before, so that rules keep their numbers; null for none
     */
    PolicyIndex(RoutingPolicy policy, Users users, OverlayRanges overlay, @Nullable PolicyIndex previous) {
        this(
                policy,
                users,
                overlay,
                numbers(policy, users, overlay, previous),
                new SelectorOwners(policy, users, previous == null ? null : previous.owners),
                previous);
    }

    private static RuleNumbers numbers(
            RoutingPolicy policy, Users users, OverlayRanges overlay, @Nullable PolicyIndex previous) {
        List<Rule> rules = Rule.of(policy, overlay.publicInternet());
        List<UserId> places = rules.stream().anyMatch(Rule::self) ? Lists.transform(users.all(), User::id) : List.of();
        return previous == null || !previous.overlay.equals(overlay)
                ? RuleNumbers.of(rules, places)
                : previous.numbers.with(rules, places);
    }

    private PolicyIndex(
            RoutingPolicy policy,
            Users users,
            OverlayRanges overlay,
            RuleNumbers numbers,
            SelectorOwners owners,
            @Nullable PolicyIndex previous) {
        this.policy = policy;
        this.users = users;
        this.overlay = overlay;
        this.numbers = numbers;
        this.owners = owners;
        this.internet = new InternetRanges(overlay.publicInternet());
        this.words = (numbers.entries() + 63) >>> 6;
        this.anySource = new long[words];
        this.wildcardSource = new long[words];
        this.selfEntries = new long[words];
        this.plain = new WideEntries(words);
        this.via = new WideEntries(words);
        long[] capabilityOnly = new long[words];
        for (int number : numbers.order) {
            Rule rule = numbers.rule(number);
            if (rule.self()) {
                BitArrays.set(selfEntries, number);
            }
            if (rule.targets().stream().allMatch(target -> target.traffic().isEmpty())) {
                BitArrays.set(capabilityOnly, number);
            }
        }
        this.withoutTraffic = RuleSet.of(capabilityOnly);
        PolicyIndex comparable = previous != null && numbers.isRelatedTo(previous.numbers) ? previous : null;
        Map<Selector, long[]> sources = new HashMap<>();
        this.sourceLiterals = indexSources(sources);
        this.sourceOwners = owners(sources, comparable == null ? null : comparable.sourceOwners);
        this.wildcardRules = rules(wildcardSource, -1);
        TreeMap<Prefix, long[]> viaPrefixes = new TreeMap<>();
        Map<Selector, long[]> destinations = new HashMap<>();
        this.destinationLiterals = indexDestinations(destinations, viaPrefixes);
        this.destinationOwners = owners(destinations, comparable == null ? null : comparable.destinationOwners);
        this.viaLiterals = PrefixTable.copyOf(viaPrefixes);
        this.hasOverlayLiterals = Stream.of(sourceLiterals, destinationLiterals)
                .flatMap(literals -> literals.entries().stream())
                .anyMatch(literal -> overlay.addresses().overlaps(literal.prefix()));
    }

    /** An index of some of the rules, with the same numbers. */
    PolicyIndex only(RuleSet rules) {
        SelectorOwners same = new SelectorOwners(policy, users, owners);
        return new PolicyIndex(policy, users, overlay, numbers.only(rules), same, null);
    }

    boolean isOfThePolicyOf(PolicyIndex other) {
        return this == other
                || (overlay.equals(other.overlay) && users.equals(other.users) && policy.equals(other.policy));
    }

    private OwnerRules owners(Map<Selector, long[]> rules, @Nullable OwnerRules previous) {
        Map<Selector, OwnerRules.SelectorRules> named = new HashMap<>();
        rules.forEach((selector, bits) -> named.put(selector, new OwnerRules.SelectorRules(owners.of(selector), bits)));
        return new OwnerRules(named, words, previous);
    }

    private PrefixTable<long[]> indexSources(Map<Selector, long[]> named) {
        TreeMap<Prefix, long[]> literals = new TreeMap<>();
        for (int i : numbers.order) {
            for (Selector selector : numbers.rule(i).sources()) {
                Optional<Prefix> literal = literal(selector);
                if (selector instanceof Selector.Everything) {
                    BitArrays.set(wildcardSource, i);
                } else if (selector == Autogroup.DANGER_ALL) {
                    BitArrays.set(anySource, i);
                } else if (literal.isPresent()) {
                    BitArrays.set(literals.computeIfAbsent(literal.get(), p -> new long[words]), i);
                } else {
                    BitArrays.set(named.computeIfAbsent(selector, s -> new long[words]), i);
                }
            }
        }
        return PrefixTable.copyOf(literals);
    }

    private PrefixTable<long[]> indexDestinations(Map<Selector, long[]> named, Map<Prefix, long[]> viaPrefixes) {
        TreeMap<Prefix, long[]> literals = new TreeMap<>();
        for (int i : numbers.order) {
            Rule rule = numbers.rule(i);
            for (Tag tag : rule.via()) {
                BitArrays.set(viaTags.computeIfAbsent(tag, t -> new long[words]), i);
            }
            WideEntries wide = rule.isVia() ? via : plain;
            for (Rule.Target target : rule.targets()) {
                Selector selector = target.destination();
                Optional<Prefix> literal = literal(selector);
                boolean isPublic = literal.filter(internet::isPublic).isPresent();
                if (selector instanceof Selector.Everything) {
                    BitArrays.set(wide.everything, i);
                } else if (selector == Autogroup.INTERNET) {
                    BitArrays.set(wide.internet, i);
                } else if (literal.isPresent()) {
                    Map<Prefix, long[]> table = rule.isVia() ? viaPrefixes : literals;
                    BitArrays.set(table.computeIfAbsent(literal.get(), p -> new long[words]), i);
                } else if (!rule.isVia()) {
                    BitArrays.set(named.computeIfAbsent(selector, s -> new long[words]), i);
                }
                if (isPublic) {
                    BitArrays.set(wide.publicPrefix, i);
                }
                if (!target.traffic().isEmpty()) {
                    if (selector instanceof Selector.Everything) {
                        BitArrays.set(wide.everythingToPass, i);
                    }
                    boolean whole = namesTheWholeInternet(selector);
                    if (whole) {
                        BitArrays.set(wide.wholeInternet, i);
                    }
                    if (whole || isPublic) {
                        BitArrays.set(wide.exit, i);
                    }
                }
            }
        }
        return PrefixTable.copyOf(literals);
    }

    /** The address or prefix that a selector of a {@link Rule} spells; a host that no policy defines spells nothing. */
    Optional<Prefix> literal(Selector selector) {
        if (selector instanceof Selector.Network network) {
            return Optional.of(network.prefix());
        }
        if (selector instanceof Selector.Address address) {
            return Optional.of(address.address().toPrefix());
        }
        return Optional.empty();
    }

    private boolean namesTheWholeInternet(Selector selector) {
        return selector instanceof Selector.Everything
                || selector == Autogroup.INTERNET
                || literal(selector).filter(internet::isHeldBy).isPresent();
    }

    /**
     * The public prefix because of which a rule leads to exit nodes: of a family if it has such a one, else of the
     * other; nothing if the rule leads to all of the internet of that family. Where a rule with {@code via} leads the
     * viewer, a plain rule leads it there only for all of the internet.
     */
    Optional<Prefix> publicDestination(Rule rule, boolean ipv4, boolean isLed) {
        Prefix found = null;
        for (Rule.Target target : rule.targets()) {
            if (!target.traffic().isEmpty()) {
                Selector selector = target.destination();
                Prefix literal = literal(selector).orElse(null);
                boolean ofFamily = literal == null || literal.isIpv4() == ipv4;
                if (ofFamily && namesTheWholeInternet(selector)) {
                    return Optional.empty();
                }
                boolean leads = !isLed || rule.isVia() || namesTheWholeInternet(selector);
                if (literal != null
                        && leads
                        && internet.isPublic(literal)
                        && (found == null || (ofFamily && found.isIpv4() != ipv4))) {
                    found = literal;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /** Whom a selector of this policy names; all of them were resolved at construction. */
    OwnerSet ownersOf(Selector selector) {
        return owners.known(selector);
    }

    /** Returns whether some rule has {@code via}. */
    boolean hasVia() {
        return !viaTags.isEmpty();
    }

    /** The rules that open a node with an address by the name of its owner: tag, user, group, autogroup, and self. */
    RuleSet opened(Owner owner) {
        long[] rules = destinationOwners.of(owner, words);
        BitArrays.add(rules, selfEntries);
        return rules(rules, place(owner));
    }

    /** The rules of which a node with an address is a source by the name of its owner. */
    RuleSet named(Owner owner) {
        return rules(sourceOwners.of(owner, words), place(owner));
    }

    void viaInto(long[] bits, Owner owner) {
        if (owner instanceof Owner.Tagged tagged) {
            for (Tag tag : tagged.tags()) {
                BitArrays.add(bits, viaTags.get(tag));
            }
        }
    }

    /** Adds the entries of a table that overlap a prefix. */
    static void overlapping(long[] bits, PrefixTable<long[]> table, Prefix prefix) {
        table.forEachOverlapping(prefix, its -> BitArrays.add(bits, its));
    }

    /**
     * The users whom rules name otherwise than in an index whose numbers mean the same, and perhaps others. Users whom
     * an added or removed rule with {@code autogroup:self} alone concerns, which are all, are not among them.
     */
    Set<UserId> usersWithOtherRules(PolicyIndex other) {
        Set<UserId> named = sourceOwners.usersWithOtherRules(other.sourceOwners);
        named.addAll(destinationOwners.usersWithOtherRules(other.destinationOwners));
        UserDifference difference = UserDifference.between(other.users, users);
        difference.added().forEach(user -> named.add(user.id()));
        difference.removed().forEach(user -> named.add(user.id()));
        return named;
    }

    // autogroup:self

    /** Returns whether the same rules name an owner here and in an index whose numbers mean the same. */
    boolean namesAlike(PolicyIndex other, Owner owner) {
        return place(owner) == other.place(owner)
                && sourceOwners.namesAlike(other.sourceOwners, owner)
                && destinationOwners.namesAlike(other.destinationOwners, owner);
    }

    /** The place of the user who owns nodes of an owner, if rules with {@code autogroup:self} know it; else -1. */
    int place(Owner owner) {
        if (owner instanceof Owner.OfUser user) {
            int place = numbers.place(user.id());
            return place >= 0 && users.find(user.id()).isPresent() ? place : -1;
        }
        return -1;
    }

    /** The rules of some entries, of which those with {@code autogroup:self} apply only to the user at a place. */
    RuleSet rules(long[] entries, int place) {
        if (withoutSelf(entries)) {
            return RuleSet.of(entries);
        }
        long[] common = new long[words];
        long[] self = new long[words];
        for (int word = 0; word < words; word++) {
            common[word] = entries[word] & ~selfEntries[word];
            self[word] = entries[word] & selfEntries[word];
        }
        return place < 0 ? RuleSet.of(common) : RuleSet.of(common, numbers.stride * (1 + place), self);
    }

    private boolean withoutSelf(long[] entries) {
        for (int word = 0; word < words; word++) {
            if ((entries[word] & selfEntries[word]) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The number of an entry with autogroup:self for one owner; empty unless the owner is a user of the tailnet.
     */
    OptionalInt selfNumber(int entry, Owner owner) {
        int place = place(owner);
        return place < 0 || !BitArrays.contains(selfEntries, entry)
                ? OptionalInt.empty()
                : OptionalInt.of(numbers.self(entry, place));
    }
}
