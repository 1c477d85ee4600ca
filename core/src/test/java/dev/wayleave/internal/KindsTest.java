package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class KindsTest {

    @Kind("named-kind")
    private record Named() {}

    private record Nameless() {}

    @Test
    void aKindHasTheNameOfItsAnnotation() {
        assertThat(Kinds.of(new Named())).isEqualTo("named-kind");
    }

    @Test
    void aKindWithoutANameIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Kinds.of(new Nameless()))
                .withMessageContaining("annotate it with @Kind");
    }
}
