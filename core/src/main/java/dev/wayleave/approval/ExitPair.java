package dev.wayleave.approval;

import dev.wayleave.net.Prefix;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** The two exit routes, which are approved and denied together: half an exit node is useless to most clients. */
final class ExitPair {

    static final Prefix IPV4 = Prefix.parse("0.0.0.0/0");
    static final Prefix IPV6 = Prefix.parse("::/0");

    private ExitPair() {}

    /** The routes in their order, with both exit routes where one is among them. */
    static SortedSet<Prefix> complete(Collection<Prefix> prefixes) {
        TreeSet<Prefix> complete = new TreeSet<>(prefixes);
        if (complete.contains(IPV4) || complete.contains(IPV6)) {
            complete.add(IPV4);
            complete.add(IPV6);
        }
        return complete;
    }

    static Prefix other(Prefix exitRoute) {
        return exitRoute.isIpv4() ? IPV6 : IPV4;
    }
}
