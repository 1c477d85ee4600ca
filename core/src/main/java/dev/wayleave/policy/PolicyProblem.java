package dev.wayleave.policy;

import java.util.Objects;

/**
 * One thing that is wrong with a policy, and where.
 *
 * <p>Lines end with a line feed, a carriage return, or both.
 *
 * @param code the cause, for programs
 * @param path where in the policy, for example {@code grants[0].dst[1]} or {@code groups["group:admins"][0]}; empty for
 *     the policy as a whole
 * @param line the line of the offending token, from 1; 0 for a policy that was not read from text
 * @param column the first character of that token in its line, in UTF-16 code units from 1 (a byte order mark does not
 *     count); 0 for a policy that was not read from text
 * @param message what is wrong and what to do about it, in lower case, the policy's own words in backticks
 */
public record PolicyProblem(Code code, String path, int line, int column, String message) {

    public PolicyProblem {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(message, "message");
    }

    /** The cause for which a policy is refused; one constant for each cause. */
    public enum Code {
        /** The text is not JSON, even with comments and trailing commas. It ends the reading. */
        SYNTAX,
        /** There are only blanks and comments. */
        NO_POLICY,
        /** The text is longer than {@link PolicyLimits#textLength}. */
        TEXT_TOO_LONG,
        /** Lists and objects are nested deeper than {@link PolicyLimits#nesting}. It ends the reading. */
        NESTED_TOO_DEEP,
        /**
         * More names and values than {@link PolicyLimits#entries}, each use of an IP set counting with its prefixes. It
         * ends the reading.
         */
        TOO_MANY_ENTRIES,
        /** More problems than {@link PolicyLimits#problems}: it comes last, after those that were found first. */
        TOO_MANY_PROBLEMS,
        /** A list, an object or a text was expected, and something else is there. */
        WRONG_TYPE,
        /** A name that means nothing at this place. */
        UNKNOWN_FIELD,
        /** A name that the policy needs at this place is missing. */
        MISSING_FIELD,
        /** A name is in an object twice, perhaps in another spelling. */
        DUPLICATE_NAME,
        /** It narrows or extends access in a way that this library does not honour. */
        NOT_SUPPORTED,
        /** The action of a rule is not {@code accept}. */
        UNKNOWN_ACTION,
        /** No such protocol. */
        UNKNOWN_PROTOCOL,
        /** A list of ports is malformed. */
        MALFORMED_PORTS,
        /** A range begins at port 0. */
        PORT_ZERO,
        /** Ports are named for a protocol that has none. */
        PROTOCOL_WITHOUT_PORTS,
        /** A text names nothing that a policy can name. */
        MALFORMED_SELECTOR,
        /** A name for a group, a host or a capability is malformed. */
        MALFORMED_NAME,
        /** A prefix or an address is malformed. */
        MALFORMED_PREFIX,
        /** A prefix that code gives has bits set after its length; in a policy's text that is a notice. */
        HOST_BITS,
        /** A group that the section {@code groups} does not define. */
        UNKNOWN_GROUP,
        /** A tag that the section {@code tagOwners} does not define. */
        UNKNOWN_TAG,
        /** A host that the section {@code hosts} does not define. */
        UNKNOWN_HOST,
        /** An IP set that the section {@code ipsets} does not define. */
        UNKNOWN_IP_SET,
        /** An IP set adds or removes itself, perhaps through other sets. */
        IP_SET_CYCLE,
        /** IP sets are nested on more levels than {@link PolicyLimits#ipSetLevels}. */
        IP_SETS_TOO_DEEP,
        /** An IP set holds no address. */
        EMPTY_IP_SET,
        /** An autogroup that does not exist, or is not modelled. */
        UNKNOWN_AUTOGROUP,
        /** The selector is correct, but not allowed at this place. */
        MISPLACED_SELECTOR,
        /** A value under {@code via} is not a tag. */
        VIA_NOT_A_TAG,
        /** {@code autogroup:self} is the destination of sources that have no self. */
        SELF_WITHOUT_USER,
        /** A grant's destination is {@code 0.0.0.0/0} or {@code ::/0}. */
        ALL_ADDRESSES,
        /** A grant has neither {@code ip} nor {@code app}. */
        IP_AND_APP_EMPTY,
        /** A grant has {@code app} and the destination {@code autogroup:internet}. */
        APP_TO_INTERNET,
        /** A text matches several users of the tailnet, so the policy ignores it. */
        AMBIGUOUS_USER
    }

    /**
     * {@return place and message for a person to read; {@code line:column: message}, or {@code path: message} for a
     * policy that was not read from text}
     */
    @Override
    public String toString() {
        if (line > 0) {
            return line + ":" + column + ": " + message;
        }
        return path.isEmpty() ? message : path + ": " + message;
    }
}
