package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of tailnets, users and nodes. */
class IdsTest {

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void nodesHavePositiveNumbers(long value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeId(value))
                .withMessageContainingAll("node id", String.valueOf(value));
    }

    @Test
    void nodesAreOrderedByNumberAndNotByText() {
        assertThat(Stream.of(new NodeId(10), new NodeId(9), new NodeId(Long.MAX_VALUE))
                        .sorted())
                .containsExactly(new NodeId(9), new NodeId(10), new NodeId(Long.MAX_VALUE));
        assertThat(new NodeId(17)).hasToString("17");
    }

    @Test
    void keysOfTheHostAreOpaque() {
        assertThat(new UserId(" ü/💡 ")).hasToString(" ü/💡 ");
        assertThat(new TailnetId(" ü/💡 ")).hasToString(" ü/💡 ");
    }

    @Test
    void keysOfTheHostAreOrderedByText() {
        assertThat(Stream.of(new UserId("b"), new UserId("B"), new UserId("a")).sorted())
                .containsExactly(new UserId("B"), new UserId("a"), new UserId("b"));
        assertThat(Stream.of(new TailnetId("b"), new TailnetId("a")).sorted())
                .containsExactly(new TailnetId("a"), new TailnetId("b"));
    }

    @Test
    void keysOfTheHostHaveOneToTwoHundredCharacters() {
        assertThatCode(() -> new UserId("x".repeat(200))).doesNotThrowAnyException();
        assertThatCode(() -> new TailnetId("x".repeat(200))).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserId("x".repeat(201)))
                .withMessageContainingAll("user id", "201", "200");
        assertThatIllegalArgumentException().isThrownBy(() -> new TailnetId("x".repeat(201)));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId("")).withMessageContaining("user id");
        assertThatIllegalArgumentException().isThrownBy(() -> new TailnetId("")).withMessageContaining("tailnet id");
    }
}
