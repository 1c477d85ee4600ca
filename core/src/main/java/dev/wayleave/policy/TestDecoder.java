package dev.wayleave.policy;

import dev.wayleave.policy.JsonValue.Field;
import dev.wayleave.policy.JsonValue.Path;
import dev.wayleave.policy.PolicyProblem.Code;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Understands the section {@code tests}. */
final class TestDecoder {

    private static final PolicyShapes.Schema TEST = new PolicyShapes.Schema(
                    "a test", "src", "srcPostureAttrs", "proto", "accept", "deny")
            .older("user", "src")
            .older("allow", "accept");

    private final PolicyShapes shapes;
    private final PolicySelectors selectors;
    private final Problems problems;
    private final PolicyLines.Places places;

    TestDecoder(PolicyShapes shapes, PolicySelectors selectors, Problems problems, PolicyLines.Places places) {
        this.shapes = shapes;
        this.selectors = selectors;
        this.problems = problems;
        this.places = places;
    }

    List<PolicyTestCase> tests(JsonValue section) {
        return shapes.objects(section, TEST, places.tests, this::test);
    }

    /** Null after a problem with the source, without which there is no test. */
    private @Nullable PolicyTestCase test(Path spot, Map<String, Field> fields) {
        Field src = fields.get("src");
        Selector source = null;
        if (src == null) {
            problems.add(Code.MISSING_FIELD, spot, "`src` is missing in this test");
        } else {
            String text = shapes.text(src.value());
            Path at = src.value().spot();
            source = text == null ? null : SelectorText.parse(text, problems.at(at));
            source =
                    source == null || !selectors.mayStandUndefined(source, SelectorPosition.SOURCE, at) ? null : source;
        }
        Protocol protocol = protocol(fields.get("proto"));
        if (fields.get("accept") == null && fields.get("deny") == null) {
            problems.add(Code.MISSING_FIELD, spot, "`accept` and `deny` are missing in this test: write one of them");
        }
        List<AclRule.Destination> accept = destinations(fields.get("accept"), protocol);
        List<AclRule.Destination> deny = destinations(fields.get("deny"), protocol);
        Field attributes = fields.get("srcPostureAttrs");
        SortedMap<String, String> posture = attributes == null ? new TreeMap<>() : posture(attributes.value());
        return source == null ? null : new PolicyTestCase(source, protocol, accept, deny, posture);
    }

    private @Nullable Protocol protocol(@Nullable Field field) {
        String text = field == null ? null : shapes.text(field.value());
        return field == null || text == null || text.isEmpty()
                ? null
                : TrafficText.protocol(text, problems.at(field.value().spot()));
    }

    private List<AclRule.Destination> destinations(@Nullable Field field, @Nullable Protocol protocol) {
        return field == null
                ? List.of()
                : shapes.texts(field.value(), (text, spot) -> destination(text, protocol, spot));
    }

    private AclRule.@Nullable Destination destination(String text, @Nullable Protocol protocol, Path spot) {
        AclRule.Destination destination = TrafficText.testedDestination(text, protocol, problems.at(spot));
        return destination != null
                        && selectors.mayStandUndefined(destination.selector(), SelectorPosition.DESTINATION, spot)
                ? destination
                : null;
    }

    private SortedMap<String, String> posture(JsonValue attributes) {
        TreeMap<String, String> result = new TreeMap<>();
        for (Field field : problems.untilFull(shapes.entries(attributes))) {
            shapes.checkNames(field.value());
            if (field.name().startsWith("#") || field.name().startsWith("//")) {
                // only code can give such a name: in a text it is a comment
                problems.add(
                        Code.MALFORMED_NAME,
                        field.spot(),
                        Quotes.quoted(field.name())
                                + " is not a posture attribute: it would be read back as a comment");
            }
            result.put(field.name(), JsonWriter.write(field.value()));
        }
        return result;
    }
}
