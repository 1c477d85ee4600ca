package dev.wayleave.access.engine;

import dev.wayleave.access.AddressPattern;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Finds how every entry of the policy applies to traffic to some addresses at one node. */
final class RuleMatcher {

    private final AccessRules rules;
    private final FilterWriter filters;
    private final NodeAccess at;
    private final Node node;
    private final IpAddress source;
    private final Prefix destination;

    /** The owners of the nodes that have the source as their own address: one, if addresses are unique. */
    private final List<Owner> senders = new ArrayList<>();

    RuleMatcher(AccessRules rules, FilterWriter filters, NodeAccess at, IpAddress source, Prefix destination) {
        this.rules = rules;
        this.filters = filters;
        this.at = at;
        this.node = at.routes().node();
        this.source = source;
        this.destination = destination;
        rules.tables
                .addresses()
                .within(
                        source.toPrefix(),
                        id -> rules.node(id)
                                .ifPresent(
                                        node -> senders.add(node.routes().node().owner())));
    }

    List<RuleMatch> matches() {
        List<RuleMatch> matches = new ArrayList<>();
        for (int entry : rules.index.numbers.order) {
            Rule rule = rules.index.numbers.rule(entry);
            OptionalInt here = rule.self() ? rules.index.selfNumber(entry, node.owner()) : OptionalInt.of(entry);
            List<RuleMatch.Target> targets =
                    targets(rule, here.isPresent() && at.rules.reachable.contains(here.getAsInt()));
            if (!targets.isEmpty()) {
                add(
                        matches,
                        new RuleMatch(
                                rule.id(),
                                rule.self() ? selfNamesSource(entry) : holdsSource(entry),
                                !rule.self() || (here.isPresent() && holdsSource(here.getAsInt())),
                                !rule.isVia() || rule.via().stream().anyMatch(node::hasTag),
                                rule.via(),
                                targets));
            }
        }
        return matches;
    }

    /** An entry whose destinations let different traffic pass is several rules, and one match. */
    private static void add(List<RuleMatch> matches, RuleMatch match) {
        RuleMatch last = matches.isEmpty() ? null : matches.get(matches.size() - 1);
        boolean same = last != null
                && last.rule().equals(match.rule())
                && last.namesSource() == match.namesSource()
                && last.sameUser() == match.sameUser()
                && last.inForce() == match.inForce();
        if (last != null && same) {
            List<RuleMatch.Target> targets = new ArrayList<>(last.targets());
            targets.addAll(match.targets());
            matches.set(
                    matches.size() - 1,
                    new RuleMatch(
                            last.rule(), last.namesSource(), last.sameUser(), last.inForce(), last.via(), targets));
        } else {
            matches.add(match);
        }
    }

    private boolean holdsSource(int number) {
        return filters.sourcesOf(number).stream().anyMatch(pattern -> pattern.contains(source));
    }

    /** An entry with autogroup:self names the sender if it does so for the devices of the sender's own user. */
    private boolean selfNamesSource(int entry) {
        return senders.stream()
                .map(owner -> rules.index.selfNumber(entry, owner))
                .anyMatch(number -> number.isPresent() && holdsSource(number.getAsInt()));
    }

    private List<RuleMatch.Target> targets(Rule rule, boolean opensInternet) {
        List<RuleMatch.Target> targets = new ArrayList<>();
        for (Rule.Target target : rule.targets()) {
            AddressSet open = asked(filters.destinations(rule, target.destination(), at));
            if (!open.isEmpty()) {
                targets.add(new RuleMatch.Target(open, target.traffic()));
            }
        }
        if (opensInternet) {
            AddressSet open = AddressSet.of(destination).intersect(rules.index.internet.all());
            if (!open.isEmpty()) {
                targets.add(new RuleMatch.Target(open, List.of(Traffic.ALL)));
            }
        }
        return targets;
    }

    /** The part of the destination that some patterns cover. */
    private AddressSet asked(List<AddressPattern> patterns) {
        IpRange whole = IpRange.of(destination);
        AddressSet covered = AddressSet.ofRanges(patterns.stream()
                .map(pattern -> pattern.range().orElse(whole))
                .filter(whole::overlaps)
                .toList());
        AddressSet asked = AddressSet.of(destination);
        return covered.contains(destination) ? asked : asked.intersect(covered);
    }
}
