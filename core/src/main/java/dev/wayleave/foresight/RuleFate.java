package dev.wayleave.foresight;

import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Copies;
import dev.wayleave.internal.Kind;
import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.NamedKind;
import dev.wayleave.mesh.Tag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

/**
 * The effect of a new policy on an entry of the old one.
 *
 * <p>Kinds may be added in a minor version.
 */
public sealed interface RuleFate extends NamedKind {

    /**
     * {@return the fate for a person to read, after the name of the entry: for example {@code no longer names
     * `group:dev`}}
     */
    String text();

    /** The new policy has no entry like it. */
    @Kind("removed")
    record Removed() implements RuleFate {

        @Override
        public String text() {
            return "is removed";
        }
    }

    /**
     * The new policy has an entry with the same content, in any order and at any place.
     *
     * @param now that entry
     * @param redefined the groups, hosts and sets that both name and that mean something else now, in order
     */
    @Kind("kept")
    record Kept(RuleId now, SortedSet<String> redefined) implements RuleFate {

        public Kept {
            Objects.requireNonNull(now, "now");
            redefined = Copies.sortedSet(redefined, "redefined");
        }

        @Override
        public String text() {
            return redefined.isEmpty()
                    ? "says the same as before"
                    : "names " + list(redefined) + ", whose definition changes";
        }
    }

    /**
     * The new policy has an entry with a part of its content, or with more.
     *
     * @param now the entry that is most like it
     * @param goneSources sources that the new entry does not name, in the order of the old one
     * @param goneDestinations destinations with their traffic that the new entry does not name, in the order of the old
     *     one
     * @param via the tags in {@code via} of the new entry; the same as before if {@code viaChanged} is false
     * @param viaChanged whether these tags differ from those of the old entry
     * @param redefined the groups, hosts and sets that both name and that mean something else now, in order
     */
    @Kind("changed")
    record Changed(
            RuleId now,
            List<String> goneSources,
            List<String> goneDestinations,
            SortedSet<Tag> via,
            boolean viaChanged,
            SortedSet<String> redefined)
            implements RuleFate {

        /** Copies the lists. */
        public Changed {
            Objects.requireNonNull(now, "now");
            goneSources = Copies.list(goneSources, "goneSources");
            goneDestinations = Copies.list(goneDestinations, "goneDestinations");
            via = Copies.sortedSet(via, "via");
            redefined = Copies.sortedSet(redefined, "redefined");
        }

        @Override
        public String text() {
            List<String> parts = new ArrayList<>();
            if (!goneSources.isEmpty()) {
                parts.add("no longer names " + list(goneSources));
            }
            if (!goneDestinations.isEmpty()) {
                parts.add("no longer opens " + list(goneDestinations));
            }
            if (viaChanged) {
                parts.add(via.isEmpty() ? "no longer has `via`" : "now goes through " + list(via));
            }
            if (!redefined.isEmpty()) {
                parts.add("names " + list(redefined) + ", whose definition changes");
            }
            return parts.isEmpty() ? "says more than before" : String.join(" and ", parts);
        }
    }

    private static String list(Iterable<?> values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add("`" + value + "`"));
        texts.sort(Comparator.naturalOrder());
        return Texts.first(texts, text -> text);
    }
}
