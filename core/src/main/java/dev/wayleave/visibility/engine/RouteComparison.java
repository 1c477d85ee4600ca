package dev.wayleave.visibility.engine;

import dev.wayleave.access.engine.NodeAccess;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.visibility.RouteAnswer;
import dev.wayleave.visibility.RouteChange;
import dev.wayleave.visibility.Withheld;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what changed of the routes of one viewer, with the reasons that hold after the change. */
final class RouteComparison {

    private final Explanation explanation;
    private final List<RouteChange> changes = new ArrayList<>();

    RouteComparison(Visibility after, NodeAccess viewer) {
        this.explanation = new Explanation(after, viewer);
    }

    /** Adds how a change of the carrier of a prefix affects the viewer; null for no carrier. */
    void add(Prefix prefix, @Nullable NodeId from, @Nullable NodeId to) {
        if (from == null) {
            if (to != null) {
                changes.add(new RouteChange.Gained(prefix, to, given(prefix, to)));
            }
        } else if (to == null) {
            changes.add(new RouteChange.Lost(prefix, from, withheld(prefix, from)));
        } else if (!from.equals(to)) {
            changes.add(new RouteChange.Moved(prefix, from, to, withheld(prefix, from), given(prefix, to)));
        }
    }

    private RouteAnswer.GivenReason given(Prefix prefix, NodeId to) {
        if (explanation.of(to, prefix) instanceof RouteAnswer.Given given) {
            return given.reason();
        }
        throw new IllegalStateException("`" + prefix + "` is given and cannot be explained");
    }

    private Withheld.Reason withheld(Prefix prefix, NodeId from) {
        if (explanation.of(from, prefix) instanceof Withheld withheld) {
            return withheld.reason();
        }
        throw new IllegalStateException("`" + prefix + "` is withheld and cannot be explained");
    }

    /** In their order. */
    List<RouteChange> changes() {
        changes.sort(RouteChange.ORDER);
        return changes;
    }
}
