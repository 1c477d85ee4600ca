package dev.wayleave.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.command.Command;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.testing.Kinds;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The public JSON form of the library's values. */
class RoutingJsonTest {

    /** The sealed types that a kind is read from: their stable names must be those that the form has. */
    @TestFactory
    Stream<DynamicTest> a_kind_is_called_in_json_as_it_calls_itself() {
        return Stream.of(Command.class, RouteEvent.class)
                .map(family -> DynamicTest.dynamicTest(
                        family.getSimpleName(),
                        () -> Kinds.of(family)
                                .forEach((record, kind) ->
                                        assertThat(Codecs.words(record)).isEqualTo(kind))));
    }

    @TestFactory
    Stream<DynamicTest> every_kind_of_every_type_is_read_back_equal() {
        return RoutingJson.types().stream()
                .flatMap(type -> Kinds.samples(type).stream()
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
    void an_unknown_member_is_refused_with_its_place() {
        assertThatThrownBy(() -> RoutingJson.read(
                        Command.class, "{\"version\":1,\"kind\":\"remove-node\",\"node\":3,\"force\":true}"))
                .isInstanceOf(StoredTextException.class)
                .hasMessage("document: `force` is unknown here");
    }

    @Test
    void another_version_is_refused() {
        assertThatThrownBy(() -> RoutingJson.read(Command.class, "{\"version\":2,\"kind\":\"remove-node\",\"node\":3}"))
                .isInstanceOf(StoredTextException.class)
                .hasMessageContaining("document.version");
    }
}
