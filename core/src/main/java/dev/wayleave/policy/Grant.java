package dev.wayleave.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.wayleave.mesh.Tag;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * One entry of the policy's section {@code grants}.
 *
 * <p>Immutable and safe for use by several threads. At least one of {@code ip} and {@code app} is not empty.
 *
 * @param sources who may send, in the order of the policy
 * @param destinations where to, in the order of the policy
 * @param ip the traffic that passes, in the order of the policy
 * @param app application capabilities: each name with its parameters as canonical JSON text
 * @param via the tags of the routers that carry the traffic; empty for no steering
 */
public record Grant(
        List<Selector> sources,
        List<Selector> destinations,
        List<Traffic> ip,
        SortedMap<String, String> app,
        SortedSet<Tag> via) {

    /** Copies the collections. */
    public Grant {
        sources = ImmutableList.copyOf(sources);
        destinations = ImmutableList.copyOf(destinations);
        ip = ImmutableList.copyOf(ip);
        app = ImmutableSortedMap.copyOf(app);
        via = ImmutableSortedSet.copyOf(via);
    }
}
