package dev.wayleave.foresight;

import dev.wayleave.access.engine.InternetRanges;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kind of destination that two policies cannot tell apart any further.
 *
 * @param place where it is
 * @param ownerOrNull whose node it is; null for an address without an owner
 * @param address the addresses
 * @param routerOrNull the tag of the router or exit node, where rules with {@code via} for that tag lead there
 * @param rules the rules that open it
 */
record DestinationAtom(
        Place place,
        @Nullable OwnerAtom ownerOrNull,
        AddressAtom address,
        @Nullable Tag routerOrNull,
        BitSet rules) {

    /** The place of an address: a node's own, behind a subnet router, or behind an exit node. */
    enum Place {
        NODE,
        BEHIND_ROUTER,
        BEHIND_EXIT_NODE
    }

    static List<DestinationAtom> of(
            RuleIndex index, List<OwnerAtom> owners, OverlayRanges overlay, InternetRanges internet) {
        List<AddressAtom> addresses = AddressAtom.of(index.destinationPrefixes());
        List<AddressAtom> leastNamed = AddressAtom.leastNamed(addresses, overlay);
        List<DestinationAtom> atoms = new ArrayList<>();
        for (OwnerAtom owner : owners) {
            for (AddressAtom address : leastNamed) {
                BitSet rules = index.opening(owner.selectors(), address.covering());
                atoms.add(new DestinationAtom(Place.NODE, owner, address, null, rules));
            }
        }
        for (AddressAtom address : addresses) {
            if (!address.covering().isEmpty() || leastNamed.contains(address)) {
                BitSet rules = index.opening(List.of(), address.covering());
                atoms.add(new DestinationAtom(Place.NODE, null, address, null, rules));
            }
            AddressSet publicPart = address.addresses().intersect(internet.all());
            if (!publicPart.isEmpty()) {
                addRouted(atoms, new AddressAtom(publicPart, address.covering()), index, internet);
            }
            AddressSet rest = address.addresses().subtract(internet.all());
            if (!rest.isEmpty()) {
                addRouted(atoms, new AddressAtom(rest, address.covering()), index, null);
            }
        }
        return atoms;
    }

    private static void addRouted(
            List<DestinationAtom> atoms, AddressAtom address, RuleIndex index, @Nullable InternetRanges internet) {
        List<@Nullable Tag> routers = new ArrayList<>();
        routers.add(null);
        routers.addAll(index.viaTags());
        BitSet plain = index.behindRouter(null, address.covering(), internet != null);
        BitSet exit = internet == null ? new BitSet() : index.behindExitNode(null, address.covering(), internet);
        for (Tag tag : routers) {
            BitSet router = index.behindRouter(tag, address.covering(), internet != null);
            // A router at which no rule with via holds is like one without the tag.
            if (tag == null || !router.isEmpty()) {
                router.or(plain);
                atoms.add(new DestinationAtom(Place.BEHIND_ROUTER, null, address, tag, router));
            }
            if (internet != null) {
                BitSet exitNode = index.behindExitNode(tag, address.covering(), internet);
                if (tag == null || !exitNode.isEmpty()) {
                    exitNode.or(exit);
                    atoms.add(new DestinationAtom(Place.BEHIND_EXIT_NODE, null, address, tag, exitNode));
                }
            }
        }
    }

    /** Whether a prefix as a destination opens all addresses of the atom. */
    boolean isIn(Prefix prefix, InternetRanges internet) {
        return ownerOrNull == null
                && address.covering().contains(prefix)
                && (place != Place.BEHIND_EXIT_NODE || internet.isPublic(prefix));
    }

    boolean isPublic(InternetRanges internet) {
        return internet.all().overlaps(address.addresses());
    }
}
