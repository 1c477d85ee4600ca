package dev.wayleave.access.engine;

import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.AddressSet;
import java.util.Objects;

/** A sender or a destination of a policy's test, as far as rules can name it without nodes. */
sealed interface TestSubject {

    /** The name that failures use for it. */
    String name();

    /** A device of a user. */
    record OfUser(User user) implements TestSubject {

        public OfUser {
            Objects.requireNonNull(user, "user");
        }

        @Override
        public String name() {
            return user.email().orElse(user.name() + "@");
        }
    }

    /** A device with a tag. */
    record OfTag(Tag tag) implements TestSubject {

        @Override
        public String name() {
            return tag.value();
        }
    }

    /** Hosts by their addresses, all of them. */
    record Addresses(AddressSet addresses) implements TestSubject {

        @Override
        public String name() {
            return addresses.toString();
        }
    }

    /** {@code *}: as a sender any device, as a destination everything. */
    record Anything() implements TestSubject {

        @Override
        public String name() {
            return "*";
        }
    }

    /** {@code autogroup:self}: the sender's other devices. */
    record Self() implements TestSubject {

        @Override
        public String name() {
            return "autogroup:self";
        }
    }
}
