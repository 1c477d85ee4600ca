package dev.wayleave.mesh;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.wayleave.net.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device of the tailnet, as far as routing reads it: who it is, whose it is, and its own addresses.
 *
 * <p>What a node advertises, what is approved and whether it is online are other facts: see {@code NodeState}.
 */
public final class Node {

    /** The time of registration of a node for which it is not known: the epoch. Elections put such a node last. */
    public static final Instant REGISTRATION_UNKNOWN = Instant.EPOCH;

    private final NodeId id;
    private final String hostKey;
    private final String name;
    private final Owner owner;
    private final Optional<IpAddress> ipv4;
    private final Optional<IpAddress> ipv6;
    private final Instant registeredAt;
    private final Optional<Instant> keyExpiry;
    private final boolean ephemeral;

    private Node(Builder builder) {
        this.id = builder.id;
        this.hostKey = builder.hostKey;
        this.name = builder.name;
        this.owner = builder.owner;
        this.ipv4 = Optional.ofNullable(builder.ipv4);
        this.ipv6 = Optional.ofNullable(builder.ipv6);
        this.registeredAt = builder.registeredAt;
        this.keyExpiry = Optional.ofNullable(builder.keyExpiry);
        this.ephemeral = builder.ephemeral;
    }

    /**
     * Starts a node without addresses, whose time of registration is not known ({@link #REGISTRATION_UNKNOWN}), whose
     * key never expires, not ephemeral, and whose host key is its number.
     *
     * @param id the number
     * @param name 1 to 255 characters without a {@link NameRules#flaw}
     * @param owner whose it is
     * @return a builder
     * @throws IllegalArgumentException if the name has a {@link NameRules#flaw}
     */
    public static Builder builder(NodeId id, String name, Owner owner) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(owner, "owner");
        return new Builder(id, name, owner);
    }

    /** {@return a builder that holds what this node holds} */
    public Builder toBuilder() {
        Builder builder = new Builder(id, name, owner);
        builder.hostKey = hostKey;
        builder.ipv4 = ipv4.orElse(null);
        builder.ipv6 = ipv6.orElse(null);
        builder.registeredAt = registeredAt;
        builder.keyExpiry = keyExpiry.orElse(null);
        builder.ephemeral = ephemeral;
        return builder;
    }

    /** {@return the number of the node; unique in the tailnet} */
    public NodeId id() {
        return id;
    }

    /**
     * {@return the host's own key of the node, for hosts that do not number their nodes; 1 to 200 characters, unique in
     * the tailnet}
     */
    public String hostKey() {
        return hostKey;
    }

    /** {@return the name that texts and views show; 1 to 255 characters, not unique} */
    public String name() {
        return name;
    }

    /** {@return whose the node is; a user or tags} */
    public Owner owner() {
        return owner;
    }

    /** {@return the node's own IPv4 address in the tailnet, if it has one} */
    public Optional<IpAddress> ipv4() {
        return ipv4;
    }

    /** {@return the node's own IPv6 address in the tailnet, if it has one} */
    public Optional<IpAddress> ipv6() {
        return ipv6;
    }

    /** {@return the node's own addresses; none, one or two, IPv4 first; immutable} */
    public List<IpAddress> addresses() {
        if (ipv4.isPresent()) {
            return ipv6.isPresent() ? List.of(ipv4.get(), ipv6.get()) : List.of(ipv4.get());
        }
        return ipv6.isPresent() ? List.of(ipv6.get()) : List.of();
    }

    /**
     * {@return whether the other has the same own addresses}
     *
     * @param other any node
     */
    public boolean hasAddressesOf(Node other) {
        Objects.requireNonNull(other, "other");
        return ipv4.equals(other.ipv4) && ipv6.equals(other.ipv6);
    }

    /**
     * {@return when the node registered, by the host's clock. The earlier of two equal candidates becomes primary; a
     * node with {@link #REGISTRATION_UNKNOWN} goes last}
     */
    public Instant registeredAt() {
        return registeredAt;
    }

    /** {@return when the node's key expires; empty for a key that never does} */
    public Optional<Instant> keyExpiry() {
        return keyExpiry;
    }

    /** {@return whether the node goes away by itself some time after its last session} */
    public boolean isEphemeral() {
        return ephemeral;
    }

    /**
     * Returns whether the node carries a tag.
     *
     * @param tag any tag
     * @return true if it is among the tags that own the node
     */
    public boolean hasTag(Tag tag) {
        Objects.requireNonNull(tag, "tag");
        return owner instanceof Owner.Tagged tagged && tagged.tags().contains(tag);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Node that
                && id.equals(that.id)
                && hostKey.equals(that.hostKey)
                && name.equals(that.name)
                && owner.equals(that.owner)
                && ipv4.equals(that.ipv4)
                && ipv6.equals(that.ipv6)
                && registeredAt.equals(that.registeredAt)
                && keyExpiry.equals(that.keyExpiry)
                && ephemeral == that.ephemeral;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, hostKey, name, owner);
    }

    /** {@return name and number for a person to read, for example {@code router-a (17)}} */
    @Override
    public String toString() {
        return name + " (" + id + ")";
    }

    /** Collects the facts of a node; for one thread. */
    public static final class Builder {

        private final NodeId id;
        private String hostKey;
        private String name;
        private Owner owner;
        private @Nullable IpAddress ipv4;
        private @Nullable IpAddress ipv6;
        private Instant registeredAt = REGISTRATION_UNKNOWN;
        private @Nullable Instant keyExpiry;
        private boolean ephemeral;

        private Builder(NodeId id, String name, Owner owner) {
            NameRules.check("node name", name, NameRules.LONGEST_NAME);
            this.id = id;
            this.hostKey = id.toString();
            this.name = name;
            this.owner = owner;
        }

        /**
         * Sets the host's own key.
         *
         * @param hostKey 1 to 200 characters without a {@link NameRules#flaw}
         * @return this builder
         * @throws IllegalArgumentException if the key has a {@link NameRules#flaw}
         */
        @CanIgnoreReturnValue
        public Builder hostKey(String hostKey) {
            Objects.requireNonNull(hostKey, "hostKey");
            NameRules.check("host key", hostKey, NameRules.LONGEST_KEY);
            this.hostKey = hostKey;
            return this;
        }

        /**
         * Sets the name.
         *
         * @param name 1 to 255 characters without a {@link NameRules#flaw}
         * @return this builder
         * @throws IllegalArgumentException if the name has a {@link NameRules#flaw}
         */
        @CanIgnoreReturnValue
        public Builder name(String name) {
            Objects.requireNonNull(name, "name");
            NameRules.check("node name", name, NameRules.LONGEST_NAME);
            this.name = name;
            return this;
        }

        /**
         * Sets whose the node is.
         *
         * @param owner a user or tags
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder owner(Owner owner) {
            Objects.requireNonNull(owner, "owner");
            this.owner = owner;
            return this;
        }

        /**
         * Sets one of the node's own addresses, by its family, in place of an earlier one.
         *
         * @param address an IPv4 or IPv6 address
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder address(IpAddress address) {
            Objects.requireNonNull(address, "address");
            if (address.isIpv4()) {
                ipv4 = address;
            } else {
                ipv6 = address;
            }
            return this;
        }

        /**
         * Takes both own addresses away.
         *
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder noAddresses() {
            ipv4 = null;
            ipv6 = null;
            return this;
        }

        /**
         * Sets when the node registered.
         *
         * @param registeredAt an instant by the host's clock; {@link #REGISTRATION_UNKNOWN} if this is not called
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder registeredAt(Instant registeredAt) {
            Objects.requireNonNull(registeredAt, "registeredAt");
            this.registeredAt = registeredAt;
            return this;
        }

        /**
         * Sets when the node's key expires.
         *
         * @param keyExpiry an instant by the host's clock; null for never
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder keyExpiry(@Nullable Instant keyExpiry) {
            this.keyExpiry = keyExpiry;
            return this;
        }

        /**
         * Sets whether the node goes away by itself some time after its last session.
         *
         * @param ephemeral true for an ephemeral node
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder ephemeral(boolean ephemeral) {
            this.ephemeral = ephemeral;
            return this;
        }

        /** {@return the node} */
        public Node build() {
            return new Node(this);
        }
    }
}
