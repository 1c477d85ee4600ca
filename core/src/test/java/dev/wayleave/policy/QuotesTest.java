package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy's own words in messages. */
class QuotesTest {

    @ParameterizedTest
    @CsvSource({
        "0009, a tab",
        "000a, a line feed",
        "0085, a next line",
        "0060, a backtick",
        "00ad, a soft hyphen",
        "200b, a zero width space",
        "200d, a zero width joiner",
        "202e, a right-to-left override",
        "2028, a line separator",
        "2029, a paragraph separator",
        "2066, a left-to-right isolate",
        "feff, a byte order mark",
        "d800, half a surrogate pair"
    })
    void charactersThatCouldMisleadAreEscaped(String hexadecimal, String name) {
        String text = "a" + (char) Integer.parseInt(hexadecimal, 16) + "b";
        assertThat(Quotes.quoted(text)).as(name).isEqualTo("`a\\u" + hexadecimal + "b`");
    }

    @Test
    void bothHalvesOfACharacterBeyondTheBasicOnesAreEscaped() {
        assertThat(Quotes.quoted(Character.toString(0xe0041))).isEqualTo("`\\udb40\\udc41`");
    }

    @Test
    void lettersOfAnyLanguageAndPicturesAreKept() {
        assertThat(Quotes.quoted("group:büro-東京-🚇")).isEqualTo("`group:büro-東京-🚇`");
    }

    @Test
    void longTextsAreCut() {
        assertThat(Quotes.quoted("x".repeat(81))).isEqualTo("`" + "x".repeat(80) + "…`");
        assertThat(Quotes.quoted("x".repeat(79) + "🚇")).isEqualTo("`" + "x".repeat(79) + "…`");
    }
}
