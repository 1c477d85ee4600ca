package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.mesh.UserId;
import java.util.Objects;

/** A finding of an import about a user: which user of the tailnet it became. */
public sealed interface UserReason extends ImportFinding.Reason {

    /**
     * The user is the same as a user of the tailnet.
     *
     * @param name the name in the Headscale database
     * @param user the user in the tailnet
     */
    record UserMatched(String name, UserId user) implements UserReason {
        @Override
        public String kind() {
            return "user-matched";
        }

        public UserMatched {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String message() {
            return "user `" + name + "` becomes the user `" + user
                    + "` of the tailnet, whose name or e-mail is the same";
        }
    }

    /**
     * The tailnet has another user with this id, so that the imported user gets a new id.
     *
     * @param name the name in the Headscale database
     * @param user the new id
     */
    record UserRenumbered(String name, UserId user) implements UserReason {
        @Override
        public String kind() {
            return "user-renumbered";
        }

        public UserRenumbered {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String message() {
            return "user `" + name + "` gets the id `" + user + "`: another user of the tailnet has its id";
        }
    }
}
