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
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

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
        PolicyJson json = new PolicyJson();
        return json.object(Path.root(json.order++), parts -> json.policy(parts, policy));
    }

    private void policy(Parts parts, RoutingPolicy policy) {
        policy.acls().ifPresent(rules -> parts.objects("acls", rules, this::acl));
        AutoApprovers approvers = policy.autoApprovers();
        if (!approvers.routes().isEmpty() || !approvers.exitNode().isEmpty()) {
            parts.object("autoApprovers", section -> {
                section.listUnlessEmpty("exitNode", approvers.exitNode(), this::selector);
                section.lists("routes", approvers.routes());
            });
        }
        policy.grants().ifPresent(rules -> parts.objects("grants", rules, this::grant));
        parts.lists("groups", policy.groups());
        if (!policy.hosts().isEmpty()) {
            parts.object(
                    "hosts", hosts -> policy.hosts().forEach((name, prefix) -> hosts.text(name, prefix.toString())));
        }
        if (!policy.ipSets().isEmpty()) {
            parts.object(
                    "ipsets",
                    sets -> policy.ipSets().forEach((name, set) -> sets.list(name, set.operations(), this::word)));
        }
        if (!policy.appConnectors().isEmpty()) {
            parts.objects("nodeAttrs", policy.appConnectors(), this::nodeAttribute);
        }
        parts.lists("tagOwners", policy.tagOwners());
        if (!policy.tests().isEmpty()) {
            parts.objects("tests", policy.tests(), this::test);
        }
    }

    private void nodeAttribute(Parts parts, AppConnector connector) {
        parts.object("app", app -> app.objects(NodeAttributeDecoder.CONNECTORS, List.of(connector), this::connector));
        parts.listUnlessEmpty("target", connector.targets(), this::word);
    }

    private void connector(Parts parts, AppConnector connector) {
        parts.list("connectors", connector.connectors(), this::selector);
        parts.listUnlessEmpty("domains", connector.domains(), this::word);
        if (!connector.name().isEmpty()) {
            parts.text("name", connector.name());
        }
        parts.listUnlessEmpty("routes", connector.routes(), this::word);
    }

    private void test(Parts parts, PolicyTestCase test) {
        parts.list("accept", test.accept(), this::word);
        parts.listUnlessEmpty("deny", test.deny(), this::word);
        test.protocol().ifPresent(protocol -> parts.text("proto", protocol.toString()));
        parts.text("src", test.source().text());
        parts.json("srcPostureAttrs", test.postureAttributes());
    }

    private void acl(Parts parts, AclRule rule) {
        parts.text("action", "accept");
        parts.list("dst", rule.destinations(), this::word);
        rule.protocol().ifPresent(protocol -> parts.text("proto", protocol.toString()));
        parts.list("src", rule.sources(), this::selector);
    }

    private void grant(Parts parts, Grant grant) {
        parts.json("app", grant.app());
        parts.list("dst", grant.destinations(), this::selector);
        parts.listUnlessEmpty("ip", grant.ip(), this::word);
        parts.list("src", grant.sources(), this::selector);
        parts.listUnlessEmpty("via", grant.via(), this::word);
    }

    /** What is not JSON becomes a text, which the decoder then refuses at the right place. */
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

    private JsonValue object(Path spot, Consumer<Parts> filler) {
        Parts parts = new Parts(spot);
        filler.accept(parts);
        return new Fields(spot, parts.fields);
    }

    /** The fields of an object, in the order in which they are added. */
    private final class Parts {

        private final Path spot;
        private final List<Field> fields = new ArrayList<>();

        Parts(Path spot) {
            this.spot = spot;
        }

        private void add(String name, Function<Path, JsonValue> value) {
            Path place = spot.field(name, order++);
            fields.add(new Field(place, name, value.apply(place)));
        }

        void text(String name, String text) {
            add(name, place -> new Text(place, text));
        }

        void object(String name, Consumer<Parts> filler) {
            add(name, place -> PolicyJson.this.object(place, filler));
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

        <T> void listUnlessEmpty(String name, Collection<? extends T> values, BiFunction<Path, T, JsonValue> each) {
            if (!values.isEmpty()) {
                list(name, values, each);
            }
        }

        <T> void objects(String name, Collection<? extends T> values, BiConsumer<Parts, T> each) {
            this.<T>list(
                    name, values, (place, value) -> PolicyJson.this.object(place, parts -> each.accept(parts, value)));
        }

        /** An object whose values are JSON; none if it has no value. */
        void json(String name, Map<String, String> values) {
            if (!values.isEmpty()) {
                object(
                        name,
                        parts -> values.forEach(
                                (key, value) -> parts.add(key, place -> PolicyJson.this.json(place, value))));
            }
        }

        /** A section of named lists of selectors, sorted by the text of the names. */
        void lists(String name, Map<?, ? extends List<? extends Selector>> section) {
            if (!section.isEmpty()) {
                Map<String, List<? extends Selector>> sorted = new TreeMap<>();
                section.forEach((key, selectors) -> sorted.put(key.toString(), selectors));
                object(
                        name,
                        parts -> sorted.forEach(
                                (key, selectors) -> parts.list(key, selectors, PolicyJson.this::selector)));
            }
        }
    }
}
