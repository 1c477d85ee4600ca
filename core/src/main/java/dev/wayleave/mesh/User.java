package dev.wayleave.mesh;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A person (or service) who owns nodes and is named in policies.
 *
 * <p>A policy names a user by e-mail in any case, or by name with a trailing {@code @}.
 */
public final class User {

    private final UserId id;
    private final String name;
    private final Optional<String> email;
    private final Role role;
    private final boolean sharedIn;

    private User(Builder builder) {
        this.id = builder.id;
        this.name = builder.name;
        this.email = Optional.ofNullable(builder.email);
        this.role = builder.role;
        this.sharedIn = builder.sharedIn;
    }

    /**
     * Starts a user with a key and a name, without e-mail and with the role {@link Role#MEMBER}.
     *
     * @param id the host's key
     * @param name 1 to 255 characters without a {@link NameRules#flaw}
     * @return a builder
     * @throws IllegalArgumentException if the name has a {@link NameRules#flaw}
     */
    public static Builder builder(UserId id, String name) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        return new Builder(id, name);
    }

    /** {@return a builder that holds what this user holds} */
    public Builder toBuilder() {
        Builder builder = new Builder(id, name);
        builder.email = email.orElse(null);
        builder.role = role;
        builder.sharedIn = sharedIn;
        return builder;
    }

    /** {@return the host's key; unique in the tailnet} */
    public UserId id() {
        return id;
    }

    /** {@return 1 to 255 characters; policies write the name with a trailing {@code @}, which it does not have here} */
    public String name() {
        return name;
    }

    /**
     * {@return the e-mail address, if the host knows one; the address as the host gave it; policies may write it in any
     * case}
     */
    public Optional<String> email() {
        return email;
    }

    /** {@return the user's role} */
    public Role role() {
        return role;
    }

    /**
     * Returns whether the user belongs to another tailnet, and only some of its nodes are shared in here. Policies name
     * such users by {@code autogroup:shared}, by their own text, or in groups; {@code autogroup:member}, domains and
     * the autogroups of roles leave them out.
     *
     * @return false for a user of this tailnet
     */
    public boolean isSharedIn() {
        return sharedIn;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof User that
                && id.equals(that.id)
                && name.equals(that.name)
                && email.equals(that.email)
                && role == that.role
                && sharedIn == that.sharedIn;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, name, email);
    }

    /** {@return name, e-mail and key for a person to read, for example {@code alice <alice@example.com> (7)}} */
    @Override
    public String toString() {
        return name + email.map(address -> " <" + address + ">").orElse("") + " (" + id + ")";
    }

    /** Collects the facts of a user; for one thread. */
    public static final class Builder {

        private final UserId id;
        private String name;
        private @Nullable String email;
        private Role role = Role.MEMBER;
        private boolean sharedIn;

        private Builder(UserId id, String name) {
            NameRules.check("user name", name, NameRules.LONGEST_NAME);
            this.id = id;
            this.name = name;
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
            NameRules.check("user name", name, NameRules.LONGEST_NAME);
            this.name = name;
            return this;
        }

        /**
         * Sets the e-mail address.
         *
         * @param email 1 to 255 characters without a {@link NameRules#flaw}
         * @return this builder
         * @throws IllegalArgumentException if the address has a {@link NameRules#flaw}
         */
        @CanIgnoreReturnValue
        public Builder email(String email) {
            Objects.requireNonNull(email, "email");
            NameRules.check("e-mail address", email, NameRules.LONGEST_NAME);
            this.email = email;
            return this;
        }

        /**
         * Sets the role.
         *
         * @param role the role
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder role(Role role) {
            Objects.requireNonNull(role, "role");
            this.role = role;
            return this;
        }

        /**
         * Sets whether the user belongs to another tailnet; false by default.
         *
         * @param sharedIn true for a user of another tailnet whose nodes are shared in here
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder sharedIn(boolean sharedIn) {
            this.sharedIn = sharedIn;
            return this;
        }

        /** {@return the user} */
        public User build() {
            return new User(this);
        }
    }
}
