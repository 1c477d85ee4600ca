package dev.wayleave.policy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.internal.Copies;
import dev.wayleave.mesh.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One entry of the policy's section {@code grants}.
 *
 * <p>At least one of {@code ip} and {@code app} is not empty: a policy with another grant is refused. A grant without
 * sources or without destinations lets nothing pass.
 *
 * @param sources who may send, in the order of the policy
 * @param destinations where to, in the order of the policy
 * @param ip the traffic that passes, in the order of the policy
 * @param app application capabilities: each name with its parameters, a list, as canonical JSON text (names sorted, no
 *     blanks, numbers as they are spelled)
 * @param via the tags of the routers that carry the traffic; empty if any router may
 */
public record Grant(
        List<Selector> sources,
        List<Selector> destinations,
        List<Traffic> ip,
        SortedMap<String, String> app,
        SortedSet<Tag> via) {

    public Grant {
        sources = Copies.list(sources, "sources");
        destinations = Copies.list(destinations, "destinations");
        ip = Copies.list(ip, "ip");
        app = Copies.sortedMap(app, "app");
        via = Copies.sortedSet(via, "via");
    }

    /**
     * Starts a grant from the texts that policies write.
     *
     * @param sources such as {@code group:admins}
     * @return a builder without destinations
     * @throws PolicyException if one of the texts is malformed
     */
    public static Builder from(String... sources) {
        Copies.refuseNull(sources, "sources");
        Builder builder = new Builder();
        Arrays.stream(sources).map(Selector::parse).forEach(builder.sources::add);
        return builder;
    }

    /** Collects the parts of a grant; for one thread. */
    public static final class Builder {

        private final List<Selector> sources = new ArrayList<>();
        private final List<Selector> destinations = new ArrayList<>();
        private final List<Traffic> ip = new ArrayList<>();
        private final TreeMap<String, String> app = new TreeMap<>();
        private final TreeSet<Tag> via = new TreeSet<>();

        private Builder() {}

        /**
         * Adds destinations.
         *
         * @param selectors such as {@code 10.0.0.0/8}
         * @return this builder
         * @throws PolicyException if one of the texts is malformed
         */
        @CanIgnoreReturnValue
        public Builder to(String... selectors) {
            Copies.refuseNull(selectors, "selectors");
            Arrays.stream(selectors).map(Selector::parse).forEach(destinations::add);
            return this;
        }

        /**
         * Adds traffic.
         *
         * @param traffic such as {@code tcp:443} or {@code *}
         * @return this builder
         * @throws PolicyException if one of the texts is malformed
         */
        @CanIgnoreReturnValue
        public Builder ip(String... traffic) {
            Copies.refuseNull(traffic, "traffic");
            Arrays.stream(traffic).map(Traffic::parse).forEach(ip::add);
            return this;
        }

        /**
         * Adds a capability.
         *
         * @param name such as {@code example.com/cap/test}
         * @param parameters a list in JSON; the policy is refused if it is anything else
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder app(String name, String parameters) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(parameters, "parameters");
            app.put(name, parameters);
            return this;
        }

        /**
         * Adds tags of routers that carry the traffic.
         *
         * @param tags such as {@code tag:router}
         * @return this builder
         * @throws IllegalArgumentException if one of the texts is malformed
         */
        @CanIgnoreReturnValue
        public Builder via(String... tags) {
            Copies.refuseNull(tags, "tags");
            Arrays.stream(tags).map(Tag::new).forEach(via::add);
            return this;
        }

        /** {@return the grant} */
        public Grant build() {
            return new Grant(sources, destinations, ip, app, via);
        }
    }
}
