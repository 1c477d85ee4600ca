package dev.wayleave.foresight;

import dev.wayleave.policy.PortRange;
import java.util.ArrayList;
import java.util.List;

/** Sets of ports, as sorted lists of ranges. */
final class Ports {

    private Ports() {}

    /** The ports without port 0, which no service uses; every port stays every port. */
    static List<PortRange> withoutZero(List<PortRange> ports) {
        if (ports.isEmpty() || ports.get(0).first() > 0 || ports.equals(List.of(PortRange.ALL))) {
            return ports;
        }
        List<PortRange> rest = new ArrayList<>(ports.subList(1, ports.size()));
        int last = ports.get(0).last();
        if (last > 0) {
            rest.add(0, new PortRange(1, last));
        }
        return rest;
    }

    static List<PortRange> intersect(List<PortRange> these, List<PortRange> those) {
        List<PortRange> common = new ArrayList<>();
        for (PortRange one : these) {
            for (PortRange other : those) {
                int first = Math.max(one.first(), other.first());
                int last = Math.min(one.last(), other.last());
                if (first <= last) {
                    common.add(new PortRange(first, last));
                }
            }
        }
        return common.equals(these) ? these : common;
    }

    static List<PortRange> subtract(List<PortRange> these, List<PortRange> those) {
        List<PortRange> rest = these;
        for (PortRange taken : those) {
            List<PortRange> next = new ArrayList<>();
            for (PortRange range : rest) {
                if (taken.last() < range.first() || range.last() < taken.first()) {
                    next.add(range);
                    continue;
                }
                if (range.first() < taken.first()) {
                    next.add(new PortRange(range.first(), taken.first() - 1));
                }
                if (taken.last() < range.last()) {
                    next.add(new PortRange(taken.last() + 1, range.last()));
                }
            }
            rest = next;
        }
        return rest;
    }
}
