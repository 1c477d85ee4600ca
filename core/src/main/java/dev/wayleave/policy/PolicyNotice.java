package dev.wayleave.policy;

import java.util.Objects;

/**
 * One thing in an accepted policy that may not be what its author thinks, and where. A notice is not a problem: the
 * policy holds, with the meaning that the notice names.
 *
 * @param code the cause, for programs
 * @param element the entry that the notice is about, for example {@code hosts.lan} or {@code grants[0].dst[1]}; empty
 *     for one that is about no entry
 * @param line the line of the entry in {@link RoutingPolicy#text}, from 1; 0 for a notice that is about no entry
 * @param column the first character of the entry in its line, in UTF-16 code units from 1; 0 for a notice that is about
 *     no entry
 * @param message what holds, and what to write if something else was meant, in lower case, the policy's own words in
 *     backticks
 */
public record PolicyNotice(Code code, String element, int line, int column, String message) {

    /** The cause of a notice; one constant for each cause. */
    public enum Code {
        /** A prefix has bits set after its length; it is read without them. */
        HOST_BITS,
        /** A field or an autogroup is written by the name that it had in the past. */
        OLD_NAME,
        /** Tags own each other in a circle; the entry adds no owner. */
        TAG_CYCLE,
        /**
         * A name in {@code tests}, {@code ssh}, {@code sshTests} or {@code nodeAttrs} that the policy does not define.
         */
        UNDEFINED_NAME,
        /** A user, a tag or a host that matches nothing in the tailnet: see {@link RoutingPolicy#noticesWith}. */
        UNMATCHED_NAME,
        /** A field in a section that is read has no meaning here, and none that narrows access. */
        NOT_READ,
        /** Nodes have addresses outside the tailnet's overlay; about no entry. */
        OUTSIDE_OVERLAY,
        /** More notices than {@link PolicyLimits#problems}: it comes last, after those that were found first. */
        TOO_MANY_NOTICES
    }

    /** Rejects null. */
    public PolicyNotice {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(element, "element");
        Objects.requireNonNull(message, "message");
    }

    /**
     * {@return place and message for a person to read; {@code line:column: message}; only the message where there is
     * no line}
     */
    @Override
    public String toString() {
        return line > 0 ? line + ":" + column + ": " + message : message;
    }
}
