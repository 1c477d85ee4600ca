package dev.wayleave.foresight;

import java.util.BitSet;

/** Sets of bits made of two other sets, which stay as they are. */
final class BitSets {

    private BitSets() {}

    static BitSet union(BitSet one, BitSet other) {
        BitSet union = (BitSet) one.clone();
        union.or(other);
        return union;
    }

    static BitSet common(BitSet one, BitSet other) {
        BitSet common = (BitSet) one.clone();
        common.and(other);
        return common;
    }

    static BitSet without(BitSet these, BitSet those) {
        BitSet rest = (BitSet) these.clone();
        rest.andNot(those);
        return rest;
    }
}
