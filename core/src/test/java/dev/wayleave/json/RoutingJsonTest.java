package dev.wayleave.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.election.CandidateClass;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.json.engine.JsonSchema;
import dev.wayleave.mesh.Actor;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.testing.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The public JSON form of the library's values. */
class RoutingJsonTest {

    @TestFactory
    Stream<DynamicTest> everyKindOfEveryTypeIsReadBackEqual() {
        return RoutingJson.types().stream()
                .flatMap(type -> Kinds.samples(type).stream()
                        .filter(value -> !(value instanceof RouteEvent.UnknownEvent))
                        .map(value -> DynamicTest.dynamicTest(
                                type.getSimpleName() + " " + value.getClass().getSimpleName(), () -> {
                                    String text = RoutingJson.write(value);
                                    assertThat(text).startsWith("{\"version\":1");
                                    assertThat(RoutingJson.read(type, text))
                                            .as(text)
                                            .isEqualTo(value);
                                })));
    }

    @Test
    void anUnknownMemberIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> RoutingJson.read(Command.class, """
                {"version":1,"kind":"remove-node","node":3,"force":true}"""))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContainingAll("document: ", "`force`");
    }

    @Test
    void anotherVersionIsRefused() {
        assertThatThrownBy(() -> RoutingJson.read(Command.class, """
                {"version":2,"kind":"remove-node","node":3}"""))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContaining("document.version");
    }

    @Test
    void aDocumentWithoutAVersionIsRefused() {
        assertThatThrownBy(() -> RoutingJson.read(Command.class, """
                {"kind":"remove-node","node":3}"""))
                .isInstanceOf(StoredTextException.class)
                .hasMessage("document.version: missing");
    }

    @Test
    void aTypeThatHasNoDocumentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoutingJson.write("a text"))
                .withMessageStartingWith("java.lang.String has no JSON document");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoutingJson.read(String.class, """
                        {"version":1}"""))
                .withMessageStartingWith("java.lang.String has no JSON document");
    }

    @Test
    void aValueThatTheCommandItselfRefusesIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> RoutingJson.read(Command.class, """
                {"version":1,"kind":"import-approvals","node":3,"prefixes":[],"source":""}"""))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContainingAll("document: ", "source", "empty");
    }

    @Test
    void aConstantIsSpelledInSmallLettersWithHyphens() {
        assertThat(RoutingJson.word(CandidateClass.KEY_EXPIRED)).isEqualTo("key-expired");
    }

    @Test
    void anEventOfALaterVersionKeepsItsJson() {
        String stored = """
                {"version":1,"kind":"node-teleported","origin":{"actor":"gateway"},"nodeId":3,"to":["moon"]}""";

        RouteEvent event = RoutingJson.read(RouteEvent.class, stored);

        assertThat(event.kind()).isEqualTo("node-teleported");
        assertThat(event.actor()).contains(new Actor("gateway"));
        assertThat(RoutingJson.write(event)).isEqualTo(stored);
        assertThat(RoutingJson.read(RouteEvent.class, RoutingJson.write(event))).isEqualTo(event);
    }

    /** The form is API: a renamed component or kind fails here. */
    @Test
    void theSchemaInTheDocumentationIsThatOfTheTypes() throws IOException {
        Path module = Path.of(System.getProperty("basedir", "."));
        Path made = Files.writeString(module.resolve("target/routing-json.schema.json"), JsonSchema.text());
        assertThat(module.resolve("../docs/routing-json.schema.json"))
                .as("%s has the schema of today", made)
                .hasSameTextualContentAs(made);
    }
}
