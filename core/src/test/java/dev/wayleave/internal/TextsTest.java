package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.RoundingMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void aQuoteKeepsPrintableCharacters() {
        assertThat(Texts.quoted(" a~")).isEqualTo("` a~`");
    }

    @Test
    void aQuoteEscapesWhatIsNotPrintableAndItsOwnEnd() {
        assertThat(Texts.quoted("\n\u001f\u007f\u00e9`")).isEqualTo("`\\u000a\\u001f\\u007f\\u00e9\\u0060`");
    }

    @Test
    void aQuoteIsCutAfterEightyCharacters() {
        assertThat(Texts.quoted("x".repeat(80))).isEqualTo("`" + "x".repeat(80) + "`");
        assertThat(Texts.quoted("x".repeat(81))).isEqualTo("`" + "x".repeat(80) + "...`");
    }

    @Test
    void aListIsCutAndTheRestCounted() {
        List<Integer> five = List.of(1, 2, 3, 4, 5);

        assertThat(Texts.first(five, String::valueOf)).isEqualTo("1, 2, 3, 4 and 1 more");
        assertThat(Texts.first(five, 5, String::valueOf)).isEqualTo("1, 2, 3, 4, 5");
        assertThat(Texts.first(five, 2, 9, String::valueOf)).isEqualTo("1, 2 and 7 more");
        assertThat(Texts.join(List.of("a", "b"))).isEqualTo("`a`, `b`");
    }

    @Test
    void aConstantIsPrintedInSmallLetters() {
        assertThat(Texts.hyphenated(RoundingMode.HALF_UP)).isEqualTo("half-up");
        assertThat(Texts.word(RoundingMode.HALF_UP)).isEqualTo("half up");
    }
}
