package dev.wayleave.foresight;

import com.google.common.hash.Hashing;
import dev.wayleave.access.RuleId;
import dev.wayleave.internal.Optionals;
import dev.wayleave.internal.Texts;
import dev.wayleave.policy.AclRule;
import dev.wayleave.policy.Grant;
import dev.wayleave.policy.PolicyNotice;
import dev.wayleave.policy.PolicyTestCase;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.policy.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the policy that a finding is about.
 *
 * @param subject the content of the entry, in a text that stays when other entries come or go before it
 * @param pathOrNull its path in the policy; null for the rule of a policy without rules
 * @param lineOrNull its line in the text of the policy; null if it has none
 */
record EntryPlace(
        String subject,
        @Nullable String pathOrNull,
        @Nullable Integer lineOrNull) {

    private static final int DIGITS = 8;

    static EntryPlace of(RuleId rule, RoutingPolicy policy) {
        Integer line = Optionals.orNull(rule.lineIn(policy));
        return switch (rule.section()) {
            case GRANTS ->
                new EntryPlace(
                        "grants " + digest(grant(policy.grants().orElseThrow().get(rule.index()))),
                        rule.toString(),
                        line);
            case ACLS ->
                new EntryPlace(
                        "acls " + digest(acl(policy.acls().orElseThrow().get(rule.index()))), rule.toString(), line);
            case DEFAULT -> new EntryPlace("no rules", null, line);
        };
    }

    static EntryPlace ofTest(int test, RoutingPolicy policy) {
        return new EntryPlace(
                "tests " + digest(test(policy.tests().get(test))),
                "tests[" + test + "]",
                Optionals.orNull(policy.lineOfTest(test)));
    }

    static EntryPlace of(PolicyNotice notice, List<String> lines) {
        String written = notice.line() > 0 && notice.line() <= lines.size()
                ? written(lines.get(notice.line() - 1), notice.column())
                : "";
        String code = Texts.hyphenated(notice.code());
        return new EntryPlace(
                code + (written.isEmpty() ? "" : " " + written),
                notice.element().isEmpty() ? null : notice.element(),
                notice.line() == 0 ? null : notice.line());
    }

    /** The word of the policy that begins at a column. */
    private static String written(String line, int column) {
        String rest = line.substring(Math.min(line.length(), column - 1));
        boolean quoted = rest.startsWith("\"");
        int end = quoted ? 1 : 0;
        while (end < rest.length() && (quoted ? rest.charAt(end) != '"' : ",:]} \t\r".indexOf(rest.charAt(end)) < 0)) {
            end++;
        }
        return rest.substring(quoted ? 1 : 0, end);
    }

    private static Collection<?> grant(Grant grant) {
        return List.of(
                texts(grant.sources()), texts(grant.destinations()), words(grant.ip()), grant.app(), grant.via());
    }

    private static Collection<?> acl(AclRule acl) {
        return List.of(
                texts(acl.sources()), acl.protocol().map(Object::toString).orElse(""), words(acl.destinations()));
    }

    private static Collection<?> test(PolicyTestCase test) {
        return List.of(
                test.source().text(),
                test.protocol().map(Object::toString).orElse(""),
                words(test.accept()),
                words(test.deny()),
                test.postureAttributes());
    }

    private static Collection<String> texts(List<Selector> selectors) {
        return sorted(selectors.stream().map(Selector::text));
    }

    private static Collection<String> words(List<?> values) {
        return sorted(values.stream().map(Object::toString));
    }

    private static Collection<String> sorted(Stream<String> texts) {
        return texts.collect(Collectors.toCollection(TreeSet::new));
    }

    private static String digest(Collection<?> content) {
        return Hashing.sha256()
                .hashString(content.toString(), StandardCharsets.UTF_8)
                .toString()
                .substring(0, DIGITS);
    }
}
