package dev.wayleave.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every text for people, whatever its words are. */
public final class TextRules {

    private TextRules() {}

    /**
     * Asserts that a text is one clean line: it is not empty and shows no value of the language.
     *
     * @param text a sentence, or a part of one
     * @throws AssertionError if it has {@code null}, a record, a class, a doubled space or a doubled sentence end
     */
    public static void assertReadable(String text) {
        assertThat(text)
                .isNotBlank()
                .isEqualTo(text.strip())
                .doesNotContainPattern("\\bnull\\b")
                .doesNotContainPattern("\\w\\[(?!\\d)|Optional|dev\\.wayleave")
                .doesNotContain("  ", "\n", "``", "()")
                .doesNotContainPattern("[.:;,]\\s?[.:;,](?!:)")
                .doesNotContainPattern("[.:;,]$");
    }
}
