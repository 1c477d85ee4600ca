package dev.wayleave.policy;

import dev.wayleave.internal.Texts;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.IpRange;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The spelling of selectors, of the names in them, and of prefixes. */
final class SelectorText {

    static final String GROUP = "group:";
    static final String TAG = "tag:";
    static final String IP_SET = "ipset:";
    static final String AUTOGROUP = "autogroup:";
    private static final String OLD_MEMBER = "autogroup:members";
    static final String USERS_OF_DOMAIN = "user:*@";

    /** How many of the prefixes of a range a message names. */
    private static final int NAMED_PREFIXES = 8;

    /** Longest selector and longest name of a group, host or capability, in UTF-16 code units. */
    static final int LONGEST = 255;

    private static final Selector.Everything EVERYTHING = new Selector.Everything();

    private static final Map<String, Selector.Autogroup> AUTOGROUPS = Arrays.stream(Selector.Autogroup.values())
            .collect(Collectors.toUnmodifiableMap(Selector.Autogroup::text, Function.identity()));

    private SelectorText() {}

    /**
     * Reads a selector, in this order: {@code *}, texts with a known beginning, addresses and prefixes, users by their
     * {@code @}, and names of hosts.
     *
     * @return the selector, or null after a complaint
     */
    static @Nullable Selector parse(String text, ProblemSink complaint) {
        if (text.equals("*")) {
            return EVERYTHING;
        }
        if (text.length() > LONGEST) {
            complaint.about(
                    Code.MALFORMED_SELECTOR,
                    Quotes.quoted(text) + " has " + text.length() + " characters: at most " + LONGEST + " are allowed");
            return null;
        }
        int colon = text.indexOf(':');
        if (colon > 0) {
            Optional<Selector> named = withBeginning(text, colon, complaint);
            if (named != null) {
                return named.orElse(null);
            }
        }
        return withoutBeginning(text, complaint);
    }

    private static @Nullable Selector withoutBeginning(String text, ProblemSink complaint) {
        Optional<IpAddress> address = IpAddress.tryParse(text);
        if (address.isPresent()) {
            return new Selector.Address(address.get());
        }
        if (isRange(text)) {
            complaint.about(Code.MALFORMED_PREFIX, range(text));
            return null;
        }
        if (text.indexOf('@') > 0 && text.indexOf('/') >= 0) {
            complaint.about(
                    Code.MALFORMED_SELECTOR,
                    Quotes.quoted(text)
                            + " is not a user: write the e-mail address, or the name followed by `@`; identifiers of"
                            + " identity providers are not read");
            return null;
        }
        if (text.indexOf('/') >= 0) {
            Prefix prefix = prefix(text, complaint);
            return prefix == null ? null : new Selector.Network(prefix);
        }
        if (isUserName(text)) {
            return new Selector.UserName(text);
        }
        if (isHostName(text)) {
            return new Selector.Host(text);
        }
        if (looksLikeAddress(text)) {
            complaint.about(Code.MALFORMED_PREFIX, malformedAddress(text));
            return null;
        }
        complaint.about(
                Code.MALFORMED_SELECTOR,
                Quotes.quoted(text) + " names nothing: write `*`, a user (`alice@example.com` or `alice@`), `group:…`, "
                        + "`tag:…`, `autogroup:…`, `ipset:…`, an address, a prefix, or a name from `hosts`");
        return null;
    }

    /** Null if the text does not begin like this at all; empty after a complaint. */
    @SuppressWarnings("NullableOptional") // three answers, for one caller
    private static @Nullable Optional<Selector> withBeginning(String text, int colon, ProblemSink complaint) {
        switch (text.substring(0, colon + 1)) {
            case GROUP:
                if (isGroupName(text)) {
                    return Optional.of(new Selector.Group(text));
                }
                complaint.about(Code.MALFORMED_SELECTOR, malformedGroup(text));
                return Optional.empty();
            case TAG:
                if (Tag.isValid(text)) {
                    return Optional.of(new Selector.Tagged(new Tag(text)));
                }
                complaint.about(Code.MALFORMED_SELECTOR, malformedTag(text));
                return Optional.empty();
            case AUTOGROUP:
                return Optional.ofNullable(autogroup(text, complaint));
            case "user:":
                if (text.startsWith(USERS_OF_DOMAIN) && isDomain(text.substring(USERS_OF_DOMAIN.length()))) {
                    return Optional.of(new Selector.UserDomain(text.substring(USERS_OF_DOMAIN.length())));
                }
                complaint.about(
                        Code.MALFORMED_SELECTOR,
                        Quotes.quoted(text)
                                + " names no users: write `user:*@example.com` for a domain, or one user without "
                                + "`user:`");
                return Optional.empty();
            case IP_SET:
                if (isIpSetName(text)) {
                    return Optional.of(new Selector.IpSet(text));
                }
                complaint.about(Code.MALFORMED_SELECTOR, malformedIpSet(text));
                return Optional.empty();
            case "svc:":
                complaint.about(
                        Code.NOT_SUPPORTED,
                        Quotes.quoted(text) + " is not supported yet: name the addresses or prefixes themselves");
                return Optional.empty();
            default:
                return null;
        }
    }

    private static Selector.@Nullable Autogroup autogroup(String text, ProblemSink complaint) {
        Selector.Autogroup autogroup = AUTOGROUPS.get(text);
        if (autogroup != null) {
            return autogroup;
        }
        if (text.equals(OLD_MEMBER)) {
            complaint.notice(
                    PolicyNotice.Code.OLD_NAME,
                    "`" + OLD_MEMBER + "` is the old name of `" + Selector.Autogroup.MEMBER.text()
                            + "`, and is read as that");
            return Selector.Autogroup.MEMBER;
        }
        complaint.about(
                Code.UNKNOWN_AUTOGROUP,
                "autogroup " + Quotes.quoted(text) + " is not known: there are "
                        + Texts.join(Arrays.stream(Selector.Autogroup.values())
                                .map(Selector.Autogroup::text)
                                .toList()));
        return null;
    }

    static String malformedGroup(String text) {
        return Quotes.quoted(text) + " is not a group: write `group:` and a name without blanks or colons";
    }

    static String malformedIpSet(String text) {
        return Quotes.quoted(text) + " is not an IP set: write `ipset:` and a name without blanks or colons";
    }

    static String malformedTag(String text) {
        return Quotes.quoted(text)
                + " is not a tag: write `tag:` and a name of letters, digits and hyphens that begins with a letter";
    }

    /** Reads a prefix; bits after its length are left out, with a notice. Null after a complaint. */
    static @Nullable Prefix prefix(String text, ProblemSink complaint) {
        Optional<Prefix> prefix = Prefix.tryParse(text);
        if (prefix.isPresent()) {
            return prefix.get();
        }
        try {
            Prefix meant = Prefix.truncating(text);
            complaint.notice(
                    PolicyNotice.Code.HOST_BITS,
                    Quotes.quoted(text) + " has bits set after its length: it is read as "
                            + Quotes.quoted(meant.toString()));
            return meant;
        } catch (AddressFormatException e) {
            complaint.about(
                    Code.MALFORMED_PREFIX,
                    isRange(text)
                            ? range(text)
                            : Quotes.quoted(text) + " is not a prefix: " + e.reason()
                                    + e.suggestion()
                                            .map(meant -> "; write " + Quotes.quoted(meant))
                                            .orElse(""));
            return null;
        }
    }

    /** Returns whether a text is an address, a dash, and an address or what may be the end of one. */
    static boolean isRange(String text) {
        int dash = text.indexOf('-');
        return dash > 0
                && IpAddress.tryParse(text.substring(0, dash)).isPresent()
                && looksLikeAddress(text.substring(dash + 1));
    }

    private static String range(String text) {
        String refusal = Quotes.quoted(text) + " is a range of addresses, and only prefixes are read here";
        Optional<IpRange> range = IpRange.tryParse(text);
        if (range.isEmpty()) {
            return refusal + ": name the prefixes that make it up";
        }
        List<Prefix> prefixes = range.get().toPrefixes();
        return refusal + ": name the prefixes that make it up, "
                + Texts.first(prefixes, NAMED_PREFIXES, each -> "`" + each + "`");
    }

    private static String malformedAddress(String text) {
        try {
            return Quotes.quoted(IpAddress.parse(text).toString()) + " is an address";
        } catch (AddressFormatException e) {
            return Quotes.quoted(text) + " is not an address: " + e.reason();
        }
    }

    /** Dots and digits only, or more colons than anything else in a policy has. */
    static boolean looksLikeAddress(String text) {
        return (!text.isEmpty() && text.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')))
                || text.indexOf(':') != text.lastIndexOf(':');
    }

    /** Reads an address (as the prefix that holds only this address) or a prefix; null after a complaint. */
    static @Nullable Prefix addressOrPrefix(String text, ProblemSink complaint) {
        Optional<IpAddress> address = IpAddress.tryParse(text);
        if (address.isPresent()) {
            return address.get().toPrefix();
        }
        return prefix(text, complaint);
    }

    static void check(boolean valid, String text, String kind) {
        if (!valid) {
            throw new IllegalArgumentException(Quotes.quoted(text) + " is not " + kind + " that a policy could name");
        }
    }

    static boolean isGroupName(String text) {
        return text.startsWith(GROUP) && isName(text, GROUP.length(), ":,");
    }

    static boolean isIpSetName(String text) {
        return text.startsWith(IP_SET) && isName(text, IP_SET.length(), ":,");
    }

    static boolean isUserName(String text) {
        return text.indexOf('@') > 0 && isName(text, 0, ":,*/");
    }

    static boolean isDomain(String text) {
        return isName(text, 0, ":,*@/");
    }

    /** What could be read as something else, or as a comment, is not a name of a host. */
    static boolean isHostName(String text) {
        return isName(text, 0, ":,*@/") && !looksLikeAddress(text) && !isRange(text) && !text.startsWith("#");
    }

    /** Some characters, none of them blank, invisible or one of those that have a meaning. */
    static boolean isName(String text, int from, String forbidden) {
        if (text.length() <= from || text.length() > LONGEST) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)
                    || Character.isSpaceChar(c)
                    || Character.isSurrogate(c)
                    || forbidden.indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }
}
