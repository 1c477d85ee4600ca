package dev.wayleave.row;

import dev.wayleave.mesh.TailnetId;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored row of a tailnet itself.
 *
 * @param tailnet the host's key of it
 * @param settings its settings
 * @param policy its policy; what is stored about it is its text as it was written, {@link RoutingPolicy#text}
 */
public record TailnetRow(TailnetId tailnet, RoutingSettings settings, RoutingPolicy policy) {

    public TailnetRow {
        Objects.requireNonNull(tailnet, "tailnet");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(policy, "policy");
    }

    /** Rows are equal if the same is stored: policies that are equal but written otherwise make different rows. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TailnetRow that
                && tailnet.equals(that.tailnet)
                && settings.equals(that.settings)
                && policy.hasTextOf(that.policy);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tailnet, settings, policy);
    }
}
