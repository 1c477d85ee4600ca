package dev.wayleave.examples.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wayleave.foresight.LintCode;
import dev.wayleave.foresight.LintFinding;
import dev.wayleave.foresight.LintSeverity;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Findings in the form that code hosts show at their lines: SARIF 2.1.0. A finding that has no line is shown at the
 * first.
 */
record SarifDocument(@JsonProperty("$schema") String schema, String version, List<Run> runs) {

    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    static SarifDocument of(String file, List<LintFinding> findings) {
        List<Rule> rules =
                Arrays.stream(LintCode.values()).map(SarifDocument::rule).toList();
        List<Result> results =
                findings.stream().map(finding -> result(file, finding)).toList();
        Driver driver = new Driver("wayleave", "https://github.com/wayleave/wayleave", rules);
        return new SarifDocument(SCHEMA, "2.1.0", List.of(new Run(new Tool(driver), results)));
    }

    record Run(Tool tool, List<Result> results) {}

    record Tool(Driver driver) {}

    record Driver(String name, String informationUri, List<Rule> rules) {}

    record Rule(String id, Text shortDescription, Text help, Configuration defaultConfiguration) {}

    record Configuration(String level) {}

    record Text(String text) {}

    record Result(
            String ruleId,
            String level,
            Text message,
            List<Location> locations,
            Map<String, String> partialFingerprints,
            @Nullable List<Suppression> suppressions) {}

    record Location(PhysicalLocation physicalLocation) {}

    record PhysicalLocation(Artifact artifactLocation, Region region) {}

    record Artifact(String uri) {}

    record Region(int startLine) {}

    record Suppression(String kind, String justification) {}

    private static Rule rule(LintCode code) {
        return new Rule(
                code.code(),
                new Text(code.title()),
                new Text(code.advice()),
                new Configuration(level(code.severity())));
    }

    private static Result result(String file, LintFinding finding) {
        Region region = new Region(finding.line().orElse(1));
        return new Result(
                finding.code().code(),
                level(finding.severity()),
                new Text(finding.message() + ": " + finding.code().advice()),
                List.of(new Location(new PhysicalLocation(new Artifact(uri(file)), region))),
                Map.of("about/v1", finding.code().code() + " " + finding.subject()),
                finding.accepted()
                        .map(reason -> List.of(new Suppression("external", reason)))
                        .orElse(null));
    }

    /**
     * The reference to a file in the form of RFC 3986: parts with slashes between, and what is not a letter escaped.
     */
    private static String uri(String file) {
        String path = file.replace('\\', '/');
        int slash = path.indexOf('/');
        int colon = path.indexOf(':');
        boolean looksLikeScheme = colon >= 0 && (slash < 0 || colon < slash);
        try {
            return new URI(null, null, looksLikeScheme ? "./" + path : path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("`" + file + "` is not a name of a file", e);
        }
    }

    private static String level(LintSeverity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }
}
