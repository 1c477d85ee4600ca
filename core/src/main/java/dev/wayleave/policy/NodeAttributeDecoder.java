package dev.wayleave.policy;

import dev.wayleave.net.Prefix;
import dev.wayleave.policy.JsonValue.Field;
import dev.wayleave.policy.PolicySelectors.PlacedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Understands of the section {@code nodeAttrs} the app connectors, and passes over everything else in it. */
final class NodeAttributeDecoder {

    static final String CONNECTORS = "tailscale.com/app-connectors";

    private final PolicyShapes shapes;
    private final PolicySelectors selectors;
    private final Problems problems;
    private final PolicyLines.Places places;
    private boolean passedOver;

    NodeAttributeDecoder(PolicyShapes shapes, PolicySelectors selectors, Problems problems, PolicyLines.Places places) {
        this.shapes = shapes;
        this.selectors = selectors;
        this.problems = problems;
        this.places = places;
    }

    /** Whether there was anything else than app connectors. */
    boolean hasPassedOver() {
        return passedOver;
    }

    List<AppConnector> connectors(JsonValue section) {
        List<AppConnector> connectors = new ArrayList<>();
        for (JsonValue value : shapes.items(section)) {
            Map<String, Field> fields =
                    known(shapes.entries(value), List.of("target", "app"), field -> passedOver = true);
            Field target = fields.get("target");
            Field app = fields.get("app");
            if (target != null) {
                selectors.noticeUndefinedNames(target.value());
            }
            if (app == null) {
                passedOver = true;
                continue;
            }
            for (Field capability : shapes.entries(app.value())) {
                if (!capability.name().equals(CONNECTORS)) {
                    passedOver = true;
                    continue;
                }
                for (JsonValue connector : shapes.items(capability.value())) {
                    connectors.add(connector(connector, target == null ? List.of() : texts(target)));
                    places.appConnectors.add(connector.spot());
                }
            }
        }
        return connectors;
    }

    private AppConnector connector(JsonValue value, List<String> targets) {
        Map<String, Field> fields = known(
                shapes.entries(value),
                List.of("name", "connectors", "domains", "routes"),
                field -> problems.notice(
                        PolicyNotice.Code.NOT_READ,
                        field.spot(),
                        Quotes.quoted(field.name()) + " of an app connector is not read"));
        Field name = fields.get("name");
        String text = name == null ? null : shapes.text(name.value());
        Field named = fields.get("connectors");
        List<Selector> connectors = named == null
                ? List.of()
                : selectors.listUndefined(named.value(), SelectorPosition.CONNECTOR).stream()
                        .map(PlacedValue::value)
                        .toList();
        Field domains = fields.get("domains");
        return new AppConnector(
                text == null ? "" : text,
                targets,
                connectors,
                domains == null ? List.of() : texts(domains),
                routes(fields.get("routes")));
    }

    private SortedSet<Prefix> routes(@Nullable Field routes) {
        return routes == null
                ? new TreeSet<>()
                : new TreeSet<>(shapes.<Prefix>texts(
                        routes.value(), (text, spot) -> SelectorText.prefix(text, problems.at(spot))));
    }

    private List<String> texts(Field field) {
        return shapes.texts(field.value(), (text, spot) -> text);
    }

    /** The fields with these names, in any case. */
    private Map<String, Field> known(List<Field> fields, List<String> names, Consumer<Field> rest) {
        Map<String, Field> result = new HashMap<>();
        for (Field field : problems.untilFull(fields)) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!names.contains(name)) {
                rest.accept(field);
            } else if (result.putIfAbsent(name, field) != null) {
                shapes.duplicate(field);
            }
        }
        return result;
    }
}
