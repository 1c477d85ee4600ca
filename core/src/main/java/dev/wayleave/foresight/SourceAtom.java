package dev.wayleave.foresight;

import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import dev.wayleave.policy.Selector.Autogroup;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kind of sender that two policies cannot tell apart any further: a node of an owner, or an address without an owner.
 *
 * @param ownerOrNull whose node it is; null for an address behind a subnet router, or of a node whose user is unknown
 * @param address the addresses
 * @param outside whether the address is neither a node's nor behind a subnet router
 * @param rules the rules that name it
 */
record SourceAtom(@Nullable OwnerAtom ownerOrNull, AddressAtom address, boolean outside, BitSet rules) {

    static List<SourceAtom> of(RuleIndex index, List<OwnerAtom> owners, OverlayRanges overlay) {
        List<AddressAtom> addresses = AddressAtom.of(index.sourcePrefixes());
        List<AddressAtom> leastNamed = AddressAtom.leastNamed(addresses, overlay);
        List<SourceAtom> atoms = new ArrayList<>();
        for (OwnerAtom owner : owners) {
            for (AddressAtom address : leastNamed) {
                List<Selector> selectors = owner.selectors();
                selectors.add(new Selector.Everything());
                selectors.add(Autogroup.DANGER_ALL);
                atoms.add(new SourceAtom(owner, address, false, index.sources(selectors, address.covering())));
            }
        }
        List<Selector> unnamed = List.of(new Selector.Everything(), Autogroup.DANGER_ALL);
        for (AddressAtom address : addresses) {
            if (!address.covering().isEmpty() || leastNamed.contains(address)) {
                atoms.add(new SourceAtom(null, address, false, index.sources(unnamed, address.covering())));
            }
            AddressSet outside = address.addresses().subtract(overlay.addresses());
            if (address.covering().isEmpty() && !outside.isEmpty()) {
                AddressAtom atom = new AddressAtom(outside, List.of());
                atoms.add(new SourceAtom(null, atom, true, index.sources(List.of(Autogroup.DANGER_ALL), List.of())));
            }
        }
        return atoms;
    }

    /** Whether a prefix holds all addresses of the atom. */
    boolean isIn(Prefix prefix) {
        return ownerOrNull == null && address.covering().contains(prefix);
    }
}
