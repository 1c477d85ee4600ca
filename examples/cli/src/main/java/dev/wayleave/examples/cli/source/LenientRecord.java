package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.source.Correction.Change;
import dev.wayleave.mesh.NameRules;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.Tag;
import dev.wayleave.mesh.User;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A record of an API's document that is read leniently, as the import reads the rows of a database: one value that
 * cannot be read is left out and named, so that it does not refuse the whole tailnet.
 */
final class LenientRecord {

    private static final int LONGEST_QUOTE = 120;

    /** Leaves room for the number that is appended to a key of several nodes. */
    private static final int LONGEST_KEY = NameRules.LONGEST_KEY - 20;

    /** Go's zero time is in year 1, and means no time. */
    private static final Instant NOT_ZERO = Instant.parse("0002-01-01T00:00:00Z");

    /** The tag of a node without a readable tag. */
    private static final Tag UNREADABLE = new Tag("tag:unreadable");

    private final String kind;
    private final String id;
    private final List<Correction> corrections;

    /**
     * Begins with a record.
     *
     * @param kind what the record is: {@code node}
     * @param corrections takes what is left out or changed
     */
    LenientRecord(String kind, String id, List<Correction> corrections) {
        this.kind = kind;
        this.id = quotable(id);
        this.corrections = corrections;
    }

    private static String quotable(String text) {
        if (text.length() <= LONGEST_QUOTE) {
            return text;
        }
        boolean halfAtEnd = Character.isHighSurrogate(text.charAt(LONGEST_QUOTE - 1));
        return text.substring(0, halfAtEnd ? LONGEST_QUOTE - 1 : LONGEST_QUOTE) + "…";
    }

    private void correct(Change change) {
        corrections.add(new Correction(kind, id, change));
    }

    private void leftOut(String member, String text, String cause) {
        correct(new Correction.LeftOut(member, quotable(text), cause));
    }

    /** Names a value that another value replaces. */
    void replaced(String member, String cause, String by) {
        correct(new Correction.Replaced(member, cause, by));
    }

    /** Leaves the whole record out. */
    void leaveOut(String cause) {
        leftOut("id", id, cause);
    }

    /** The value of the library that the record is, unless the library refuses it. */
    <T> Optional<T> made(Supplier<T> value) {
        try {
            return Optional.of(value.get());
        } catch (IllegalArgumentException | WayleaveException refused) {
            leaveOut(String.valueOf(refused.getMessage()));
            return Optional.empty();
        }
    }

    /** The number of a node. */
    Optional<NodeId> number() {
        return made(() -> {
            try {
                return new NodeId(Long.parseLong(id));
            } catch (NumberFormatException malformed) {
                throw new IllegalArgumentException("it is not a number", malformed);
            }
        });
    }

    /**
     * A time to the millisecond. An API has an empty text or Go's zero time where it has none: Tailscale's has so for
     * the devices of other tailnets.
     */
    Optional<Instant> time(String member, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text))
                    .filter(time -> !time.isBefore(NOT_ZERO))
                    .map(time -> time.truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException malformed) {
            leftOut(member, text, "it is not a time");
            return Optional.empty();
        }
    }

    /** A member of the record with its text. */
    record Member(String name, @Nullable String text) {}

    /** The first text that is a name; a stand-in if there is none. */
    String name(String standIn, Member... members) {
        for (Member member : members) {
            Optional<String> name = name(member.name(), member.text());
            if (name.isPresent()) {
                return name.get();
            }
        }
        replaced(members[0].name(), "is empty or cannot be a name", standIn);
        return standIn;
    }

    /**
     * Whose a node is: the user's, if it has no tags. A node without a readable tag stays a tagged node, and no policy
     * names its tag.
     *
     * @param member the member that has the tags
     * @param user the user, if the tailnet has that user
     */
    Optional<Owner> owner(String member, List<@Nullable String> texts, @Nullable User user) {
        SortedSet<Tag> tags = tags(member, texts);
        if (!tags.isEmpty()) {
            return Optional.of(Owner.tags(tags));
        }
        if (!texts.isEmpty()) {
            replaced(member, "has no readable tag", UNREADABLE.value());
            return Optional.of(Owner.tags(List.of(UNREADABLE)));
        }
        if (user == null) {
            leaveOut("it has neither a user nor tags");
            return Optional.empty();
        }
        return Optional.of(Owner.user(user.id()));
    }

    /** A name, unless it is empty. */
    Optional<String> name(String member, @Nullable String text) {
        return fit(member, text, NameRules.LONGEST_NAME);
    }

    /** The key of a machine, unless it is empty. */
    Optional<String> key(String member, @Nullable String text) {
        return fit(member, text, LONGEST_KEY);
    }

    private Optional<String> fit(String member, @Nullable String text, int longest) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        Optional<String> flaw = NameRules.flaw(text, longest);
        flaw.ifPresent(found -> leftOut(member, text, "it " + found));
        return flaw.isPresent() ? Optional.empty() : Optional.of(text);
    }

    private SortedSet<Tag> tags(String member, List<@Nullable String> texts) {
        return new TreeSet<>(each(member, texts, text -> {
            Optional<Tag> tag = Tag.tryParse(text);
            if (tag.isEmpty()) {
                leftOut(member, text, "it is not a tag");
            }
            return tag;
        }));
    }

    List<IpAddress> addresses(String member, @Nullable List<@Nullable String> texts) {
        return each(member, texts, text -> {
            Optional<IpAddress> address = IpAddress.tryParse(text);
            if (address.isEmpty()) {
                leftOut(member, text, "it is not an address");
            }
            return address;
        });
    }

    /**
     * The prefixes of a list, without bits after their length: that changes no address of a route. But a prefix that
     * would become an exit route by that is left out.
     */
    SortedSet<Prefix> prefixes(String member, @Nullable List<@Nullable String> texts) {
        return new TreeSet<>(each(member, texts, text -> prefix(member, text)));
    }

    private Optional<Prefix> prefix(String member, String text) {
        Optional<Prefix> strict = Prefix.tryParse(text);
        if (strict.isPresent()) {
            return strict;
        }
        Prefix truncated;
        try {
            truncated = Prefix.truncating(text);
        } catch (AddressFormatException malformed) {
            leftOut(member, text, "it is not a prefix");
            return Optional.empty();
        }
        if (truncated.isExitRoute()) {
            leftOut(member, text, "it has bits after its length, and would be an exit route without them");
            return Optional.empty();
        }
        correct(new Correction.HostBits(member, quotable(text), truncated));
        return Optional.of(truncated);
    }

    private <T> List<T> each(
            String member, @Nullable List<@Nullable String> texts, Function<String, Optional<T>> reader) {
        List<T> values = new ArrayList<>();
        for (String text : Objects.requireNonNullElse(texts, List.<@Nullable String>of())) {
            if (text == null) {
                leftOut(member, "null", "it is not a text");
            } else {
                reader.apply(text).ifPresent(values::add);
            }
        }
        return values;
    }
}
