package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagTest {

    @ParameterizedTest
    @ValueSource(strings = {"tag:a", "tag:Router", "tag:router-1", "tag:a--", "tag:group"})
    void isALetterAndThenLettersDigitsAndHyphens(String text) {
        assertThat(Tag.isValid(text)).isTrue();
        assertThat(new Tag(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a", "tag:", "tag:1a", "tag:-a", "tag:a_b", "tag:a b", "tag:a ", " tag:a", "Tag:a", "tag:ä",
                "tag:a\n"
            })
    void isNothingElse(String text) {
        assertThat(Tag.isValid(text)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tag(text))
                .withMessage(
                        "`" + text
                                + "` is no tag: write `tag:` and a name of letters, digits and hyphens that begins with a letter");
    }

    @Test
    void hasAtMost255Characters() {
        assertThat(Tag.isValid("tag:" + "a".repeat(251))).isTrue();
        assertThat(Tag.isValid("tag:" + "a".repeat(252))).isFalse();
    }

    @Test
    void isOrderedByText() {
        assertThat(Stream.of(new Tag("tag:b"), new Tag("tag:a1"), new Tag("tag:a"))
                        .sorted())
                .containsExactly(new Tag("tag:a"), new Tag("tag:a1"), new Tag("tag:b"));
    }
}
