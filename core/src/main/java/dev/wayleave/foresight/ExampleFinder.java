package dev.wayleave.foresight;

import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.foresight.PolicyDifference.Example;
import dev.wayleave.foresight.PolicyDifference.Party;
import dev.wayleave.foresight.PolicyDifference.Place;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.KnownRanges;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Finds a sender and a destination that a reader of a difference can picture. */
final class ExampleFinder {

    /** Where subnets behind routers usually are. */
    private static final AddressSet PRIVATE = AddressSet.of(KnownRanges.PRIVATE_10, KnownRanges.PRIVATE_192_168);

    private static final AddressSet DOCUMENTATION =
            AddressSet.of(Prefix.parse("203.0.113.0/24"), Prefix.parse("2001:db8::/32"));

    private final AccessComparison comparison;
    private final AddressSet overlay;

    ExampleFinder(AccessComparison comparison, OverlayRanges overlay) {
        this.comparison = comparison;
        this.overlay = overlay.addresses();
    }

    /** Whether the nodes of each sender are destinations, so that the sender's own devices need no word. */
    boolean holdsOwnNodes(AccessComparison.Block block) {
        return block.sources().stream()
                .mapToObj(comparison.sources::get)
                .allMatch(sender -> block.destinations().stream()
                        .mapToObj(comparison.destinations::get)
                        .anyMatch(target -> sender.ownerOrNull() == null
                                || sender.ownerOrNull().equals(target.ownerOrNull())));
    }

    Example of(AccessComparison.Block block) {
        Map.Entry<Protocol, Integer> flow =
                comparison.space.example(block.flows()).orElse(null);
        Protocol protocol = flow == null ? null : flow.getKey();
        int port = flow == null ? 0 : flow.getValue();
        List<Integer> targets = block.destinations().stream()
                .boxed()
                .sorted(Comparator.comparing(this::strangeness))
                .toList();
        for (int target : targets) {
            for (int sender : block.sources().stream().toArray()) {
                if (comparison.isPair(sender, target)) {
                    Party source = source(comparison.sources.get(sender));
                    Party destination = destination(comparison.destinations.get(target), source.address());
                    return new Example(source, destination, protocol, port);
                }
            }
        }
        SourceAtom sender = comparison.sources.get(block.sources().nextSetBit(0));
        Party source = source(sender);
        IpAddress own = comparison.destinations.stream()
                .filter(atom -> atom.ownerOrNull() != null && atom.ownerOrNull().equals(sender.ownerOrNull()))
                .findFirst()
                .map(atom -> atom.address().example(overlay, source.address()))
                .orElse(source.address());
        return new Example(source, new Party(Place.NODE, own, source.userOrNull(), source.tags()), protocol, port);
    }

    /** Nodes of owners first; an address outside of the tailnet's own ranges rather behind a router than a node's. */
    private int strangeness(int target) {
        DestinationAtom atom = comparison.destinations.get(target);
        return switch (atom.place()) {
            case NODE ->
                atom.ownerOrNull() != null ? 0 : overlay.overlaps(atom.address().addresses()) ? 1 : 4;
            case BEHIND_ROUTER -> PRIVATE.overlaps(atom.address().addresses()) ? 2 : 4;
            case BEHIND_EXIT_NODE -> 3;
        };
    }

    private Party source(SourceAtom atom) {
        OwnerAtom owner = atom.ownerOrNull();
        IpAddress address = atom.address().example(overlay, null);
        if (owner != null) {
            return new Party(Place.NODE, address, user(owner, "any-user"), tags(owner));
        }
        Place place = atom.outside() ? Place.OUTSIDE : overlay.contains(address) ? Place.NODE : Place.BEHIND_ROUTER;
        return new Party(place, address, null, ImmutableSortedSet.of());
    }

    private Party destination(DestinationAtom atom, IpAddress taken) {
        OwnerAtom owner = atom.ownerOrNull();
        List<AddressSet> preferred =
                atom.place() == DestinationAtom.Place.NODE ? List.of(overlay) : List.of(PRIVATE, DOCUMENTATION);
        AddressSet first = preferred.stream()
                .filter(each -> each.overlaps(atom.address().addresses()))
                .findFirst()
                .orElse(overlay);
        IpAddress address = atom.address().example(first, taken);
        if (owner != null) {
            return new Party(Place.NODE, address, user(owner, "any-other-user"), tags(owner));
        }
        SortedSet<Tag> tags =
                atom.routerOrNull() == null ? ImmutableSortedSet.of() : ImmutableSortedSet.of(atom.routerOrNull());
        Place place = switch (atom.place()) {
            case NODE -> Place.NODE;
            case BEHIND_ROUTER -> Place.BEHIND_ROUTER;
            case BEHIND_EXIT_NODE -> Place.BEHIND_EXIT_NODE;
        };
        return new Party(place, address, null, tags);
    }

    private static @Nullable User user(OwnerAtom owner, String name) {
        return owner.example(name).orElse(null);
    }

    private static SortedSet<Tag> tags(OwnerAtom owner) {
        return owner.exampleTag().<SortedSet<Tag>>map(ImmutableSortedSet::of).orElse(ImmutableSortedSet.of());
    }
}
