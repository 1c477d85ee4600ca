package dev.wayleave.policy;

import com.google.common.collect.ImmutableSortedMap;
import dev.wayleave.internal.Copies;
import dev.wayleave.net.Prefix;
import java.util.List;
import java.util.SortedMap;

/**
 * The policy's section {@code autoApprovers}: whose routes need no administrator. Each approver is a {@link Selector};
 * a new kind of approver is a new kind of selector, and that class lists what it needs.
 *
 * @param routes for each prefix the approvers of that prefix and of every subnet route inside it; never of exit routes
 * @param exitNode the approvers of exit routes
 */
public record AutoApprovers(SortedMap<Prefix, List<Selector>> routes, List<Selector> exitNode) {

    public AutoApprovers {
        routes = Copies.sortedMapOfLists(routes, "routes");
        exitNode = Copies.list(exitNode, "exitNode");
    }

    /** {@return the section of a policy that has none; no approver for anything} */
    public static AutoApprovers none() {
        return new AutoApprovers(ImmutableSortedMap.of(), List.of());
    }
}
