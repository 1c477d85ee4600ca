package dev.wayleave.examples.cli.source;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.examples.cli.text.Documents;
import dev.wayleave.examples.cli.text.SourceText;
import dev.wayleave.foresight.LintCode;
import dev.wayleave.foresight.LintOptions;
import dev.wayleave.foresight.LintSeverity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/**
 * The lint options of a tailnet, in a file beside its policy (JSON, comments allowed):
 *
 * <pre>{@code
 * {
 *   "severities": {"open-to-every-node": "off", "no-fallback": "error"},
 *   "accepted": [{"code": "unrelated-routers", "about": "10.0.0.0/24", "reason": "one site, two owners"}],
 *   "keyExpiresWithinDays": 14,
 *   "approvedUnusedForDays": 30,
 *   "waitingForDays": 7
 * }
 * }</pre>
 */
public final class LintFile {

    private static final String OFF = "off";

    private static final ObjectReader READER =
            Documents.MAPPER.readerFor(Content.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private LintFile() {}

    private record Content(
            @Nullable Map<String, String> severities,
            @Nullable List<@Nullable Accepted> accepted,
            @Nullable Integer keyExpiresWithinDays,
            @Nullable Integer approvedUnusedForDays,
            @Nullable Integer waitingForDays) {}

    private record Accepted(
            @Nullable String code,
            @Nullable String about,
            @Nullable String reason) {}

    /** Reads the options, and refuses a file with anything unknown in it. */
    public static LintOptions read(SourceText file) {
        try {
            Content content = READER.readValue(file.text());
            if (content == null) {
                throw new IllegalArgumentException("expected an object, not null");
            }
            return options(content);
        } catch (JacksonException refused) {
            throw new BadInput(Documents.problem(refused).in(file));
        } catch (IllegalArgumentException refused) {
            throw new BadInput(file.name() + ": " + refused.getMessage());
        }
    }

    private static LintOptions options(Content content) {
        LintOptions.Builder options = LintOptions.builder();
        if (content.severities() != null) {
            content.severities().forEach((code, severity) -> set(options, LintCode.of(code), severity));
        }
        for (Accepted each : Objects.requireNonNullElse(content.accepted(), List.<@Nullable Accepted>of())) {
            if (each == null || each.code() == null || each.reason() == null) {
                throw new IllegalArgumentException("an entry of `accepted` needs `code` and `reason`");
            }
            options.accept(new LintOptions.Acceptance(
                    LintCode.of(each.code()), Objects.requireNonNullElse(each.about(), ""), each.reason()));
        }
        if (content.keyExpiresWithinDays() != null) {
            options.keyExpiresWithin(days("keyExpiresWithinDays", content.keyExpiresWithinDays()));
        }
        if (content.approvedUnusedForDays() != null) {
            options.approvedUnusedFor(days("approvedUnusedForDays", content.approvedUnusedForDays()));
        }
        if (content.waitingForDays() != null) {
            options.waitingFor(days("waitingForDays", content.waitingForDays()));
        }
        return options.build();
    }

    private static Duration days(String field, int days) {
        if (days < 0) {
            throw new IllegalArgumentException("`" + field + "` is " + days + ": write 0 or more");
        }
        return Duration.ofDays(days);
    }

    private static void set(LintOptions.Builder options, LintCode code, @Nullable String severity) {
        if (OFF.equals(severity)) {
            options.off(code);
            return;
        }
        for (LintSeverity each : LintSeverity.values()) {
            if (each.word().equals(severity)) {
                options.severity(code, each);
                return;
            }
        }
        throw new IllegalArgumentException("`" + severity + "` is not a severity of `" + code.code()
                + "`: write `error`, `warning`, `info` or `off`");
    }
}
