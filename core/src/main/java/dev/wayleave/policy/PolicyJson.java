package dev.wayleave.policy;

import dev.wayleave.policy.JsonValue.Field;
import dev.wayleave.policy.JsonValue.Fields;
import dev.wayleave.policy.JsonValue.Items;
import dev.wayleave.policy.JsonValue.Path;
import dev.wayleave.policy.JsonValue.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Turns a policy back into JSON. Sections, groups, hosts, tags and fields are sorted by name; rules and selectors keep
 * their order; sections that hold nothing are left out, but for {@code acls} and {@code grants}, where absent and empty
 * differ.
 */
final class PolicyJson {

    /** Numbers the places in the order in which they are made, which is the order of the canonical text. */
    private int order;

    private PolicyJson() {}

    static JsonValue tree(RoutingPolicy policy) {
        return new PolicyJson().policy(policy);
    }

    private JsonValue policy(RoutingPolicy policy) {
        Path root = Path.root(order++);
        Parts parts = new Parts(root);
        policy.acls().ifPresent(rules -> parts.list("acls", rules, this::acl));
        AutoApprovers approvers = policy.autoApprovers();
        if (!approvers.routes().isEmpty() || !approvers.exitNode().isEmpty()) {
            parts.add("autoApprovers", spot -> {
                Parts section = new Parts(spot);
                if (!approvers.exitNode().isEmpty()) {
                    section.list("exitNode", approvers.exitNode(), this::selector);
                }
                section.lists("routes", approvers.routes());
                return section.object();
            });
        }
        policy.grants().ifPresent(rules -> parts.list("grants", rules, this::grant));
        parts.lists("groups", policy.groups());
        if (!policy.hosts().isEmpty()) {
            parts.add("hosts", spot -> {
                Parts hosts = new Parts(spot);
                policy.hosts().forEach((name, prefix) -> hosts.text(name, prefix.toString()));
                return hosts.object();
            });
        }
        if (!policy.ipSets().isEmpty()) {
            parts.add("ipsets", spot -> {
                Parts sets = new Parts(spot);
                policy.ipSets().forEach((name, set) -> sets.list(name, set.operations(), this::word));
                return sets.object();
            });
        }
        if (!policy.appConnectors().isEmpty()) {
            parts.list("nodeAttrs", policy.appConnectors(), this::nodeAttribute);
        }
        parts.lists("tagOwners", policy.tagOwners());
        if (!policy.tests().isEmpty()) {
            parts.list("tests", policy.tests(), this::test);
        }
        return parts.object();
    }

    private JsonValue nodeAttribute(Path spot, AppConnector connector) {
        Parts parts = new Parts(spot);
        parts.add("app", appSpot -> {
            Parts app = new Parts(appSpot);
            app.list(NodeAttributeDecoder.CONNECTORS, List.of(connector), this::connector);
            return app.object();
        });
        if (!connector.targets().isEmpty()) {
            parts.list("target", connector.targets(), this::word);
        }
        return parts.object();
    }

    private JsonValue connector(Path spot, AppConnector connector) {
        Parts parts = new Parts(spot);
        parts.list("connectors", connector.connectors(), this::selector);
        if (!connector.domains().isEmpty()) {
            parts.list("domains", connector.domains(), this::word);
        }
        if (!connector.name().isEmpty()) {
            parts.text("name", connector.name());
        }
        if (!connector.routes().isEmpty()) {
            parts.list("routes", connector.routes(), this::word);
        }
        return parts.object();
    }

    private JsonValue test(Path spot, PolicyTestCase test) {
        Parts parts = new Parts(spot);
        parts.list("accept", test.accept(), this::word);
        if (!test.deny().isEmpty()) {
            parts.list("deny", test.deny(), this::word);
        }
        test.protocol().ifPresent(protocol -> parts.text("proto", protocol.toString()));
        parts.text("src", test.source().text());
        if (!test.postureAttributes().isEmpty()) {
            parts.add("srcPostureAttrs", attributesSpot -> {
                Parts attributes = new Parts(attributesSpot);
                test.postureAttributes().forEach((name, value) -> attributes.add(name, at -> json(at, value)));
                return attributes.object();
            });
        }
        return parts.object();
    }

    private JsonValue acl(Path spot, AclRule rule) {
        Parts parts = new Parts(spot);
        parts.text("action", "accept");
        parts.list("dst", rule.destinations(), this::word);
        rule.protocol().ifPresent(protocol -> parts.text("proto", protocol.toString()));
        parts.list("src", rule.sources(), this::selector);
        return parts.object();
    }

    private JsonValue grant(Path spot, Grant grant) {
        Parts parts = new Parts(spot);
        if (!grant.app().isEmpty()) {
            parts.add("app", appSpot -> {
                Parts app = new Parts(appSpot);
                grant.app().forEach((name, parameters) -> app.add(name, at -> json(at, parameters)));
                return app.object();
            });
        }
        parts.list("dst", grant.destinations(), this::selector);
        if (!grant.ip().isEmpty()) {
            parts.list("ip", grant.ip(), this::word);
        }
        parts.list("src", grant.sources(), this::selector);
        if (!grant.via().isEmpty()) {
            parts.list("via", grant.via(), this::word);
        }
        return parts.object();
    }

    /** What is no JSON becomes a text, which the decoder then refuses at the right place. */
    private JsonValue json(Path spot, String text) {
        Problems problems = Problems.withoutText();
        JsonValue value = JsonText.read(text, PolicyLimits.DEFAULT, problems, spot);
        order = spot.order() + text.length() + 1;
        return value == null || !problems.isEmpty() ? new Text(spot, text) : value;
    }

    private JsonValue selector(Path spot, Selector selector) {
        return new Text(spot, selector.text());
    }

    private JsonValue word(Path spot, Object value) {
        return new Text(spot, value.toString());
    }

    /** Makes a value at a place. */
    private interface Maker {
        JsonValue at(Path spot);
    }

    /** The fields of an object, in the order in which they are added. */
    private final class Parts {

        private final Path spot;
        private final List<Field> fields = new ArrayList<>();

        Parts(Path spot) {
            this.spot = spot;
        }

        void add(String name, Maker value) {
            Path place = spot.field(name, order++);
            fields.add(new Field(place, name, value.at(place)));
        }

        void text(String name, String text) {
            add(name, place -> new Text(place, text));
        }

        <T> void list(String name, Collection<? extends T> values, BiFunction<Path, T, JsonValue> each) {
            add(name, place -> {
                List<JsonValue> items = new ArrayList<>();
                for (T value : values) {
                    items.add(each.apply(place.item(items.size(), order++), value));
                }
                return new Items(place, items);
            });
        }

        /** A section of named lists of selectors, sorted by the text of the names. */
        void lists(String name, Map<?, ? extends List<? extends Selector>> section) {
            if (section.isEmpty()) {
                return;
            }
            Map<String, List<? extends Selector>> sorted = new TreeMap<>();
            section.forEach((key, selectors) -> sorted.put(key.toString(), selectors));
            add(name, place -> {
                Parts entries = new Parts(place);
                sorted.forEach((key, selectors) -> entries.list(key, selectors, PolicyJson.this::selector));
                return entries.object();
            });
        }

        JsonValue object() {
            return new Fields(spot, fields);
        }
    }
}
