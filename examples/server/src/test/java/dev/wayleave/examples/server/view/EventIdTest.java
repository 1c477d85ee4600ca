package dev.wayleave.examples.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"42.0", "42.17", "42.17.3"})
    void anIdIsReadAsItIsWritten(String text) {
        assertThat(EventId.parse(text).orElseThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "-1.0", "42.", "42.0.", "42.0.0.0", "x.0", "1234567890123456789.0"})
    void anotherTextIsNone(String text) {
        assertThat(EventId.parse(text)).isEmpty();
    }

    @Test
    void anEventThatIsNotStoredComesAfterTheStoredOneAndBeforeTheNext() {
        List<EventId> inOrder = Stream.of("0", "42.9", "42.10", "42.10.1", "42.10.2", "42.11", "43.0")
                .map(text -> EventId.parse(text).orElseThrow())
                .toList();

        assertThat(inOrder).isSorted();
        assertThat(inOrder.get(2).nextUnstored()).isEqualTo(inOrder.get(3));
    }
}
