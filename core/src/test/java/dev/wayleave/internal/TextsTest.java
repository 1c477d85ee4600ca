package dev.wayleave.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
}
