package dev.wayleave.access;

import dev.wayleave.mesh.Names;
import dev.wayleave.policy.RoutingPolicy;
import java.util.Comparator;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One entry of the policy, which answers give as their reason.
 *
 * <p>Ordered by section, then place.
 *
 * @param section the section of the entry
 * @param index its place there, from 0
 */
public record RuleId(Section section, int index) implements Comparable<RuleId> {

    public RuleId {
        Objects.requireNonNull(section, "section");
    }

    /** The one rule of a policy that has neither {@code acls} nor {@code grants}: all may reach all. */
    public static final RuleId DEFAULT = new RuleId(Section.DEFAULT, 0);

    private static final Comparator<RuleId> ORDER =
            Comparator.comparing(RuleId::section).thenComparingInt(RuleId::index);

    /** The sections that hold rules. */
    public enum Section {
        /** The section {@code grants}. */
        GRANTS,
        /** The section {@code acls}. */
        ACLS,
        /** No section: the rule that holds where the policy has none. */
        DEFAULT
    }

    /**
     * Returns the line on which this entry begins in the text of a policy.
     *
     * @param policy the policy that has the entry
     * @return the line, from 1; empty for {@link #DEFAULT}, and if the policy has no such entry
     */
    public OptionalInt lineIn(RoutingPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return switch (section) {
            case GRANTS -> policy.lineOfGrant(index);
            case ACLS -> policy.lineOfAcl(index);
            case DEFAULT -> OptionalInt.empty();
        };
    }

    /**
     * Returns section, place and line for a person to read.
     *
     * @param policy the policy that has the entry
     * @return for example {@code grants[3], line 42}; without a line what {@link #toString} returns
     */
    public String toString(RoutingPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        OptionalInt line = lineIn(policy);
        return line.isPresent() ? this + ", line " + line.getAsInt() : toString();
    }

    @Override
    public int compareTo(RuleId other) {
        Objects.requireNonNull(other, "other");
        return ORDER.compare(this, other);
    }

    /** {@return section and place for a person to read, for example {@code grants[3]}, or {@code no policy}} */
    @Override
    public String toString() {
        return switch (section) {
            case GRANTS -> "grants[" + index + "]";
            case ACLS -> "acls[" + index + "]";
            case DEFAULT -> "no policy";
        };
    }

    /**
     * Prints the entry by its path, its line and its content, as far as the names know them.
     *
     * @param names how texts call nodes and entries of the policy
     * @return for example {@code grants[0], line 12 (group:staff → intranet tcp:443)}
     */
    public String text(Names names) {
        Objects.requireNonNull(names, "names");
        if (section == Section.DEFAULT) {
            return "a policy without rules";
        }
        String known = names.entry(toString());
        return known.isEmpty() ? "`" + this + "`" : this + known;
    }
}
