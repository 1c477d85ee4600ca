package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagTest {

    @ParameterizedTest
    @ValueSource(strings = {"tag:a", "tag:Router", "tag:router-1", "tag:a--", "tag:group"})
    void aTagIsALetterAndThenLettersDigitsAndHyphens(String text) {
        assertThat(Tag.isValid(text)).isTrue();
        assertThat(new Tag(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "tag:", "tag:1a", "tag:-a", "tag:a_b", "tag:a b", "tag:a ", " tag:a", "Tag:a"})
    void otherTextsAreNoTags(String text) {
        assertThat(Tag.isValid(text)).isFalse();
        assertThat(Tag.tryParse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tag(text))
                .withMessageContainingAll("`" + text + "`", "`tag:`");
    }

    @Test
    void aTagIsReadFromATextFromOutside() {
        assertThat(Tag.tryParse("tag:router")).contains(new Tag("tag:router"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"tag:ä|`tag:\\u00e4` is", "tag:a`b|`tag:a\\u0060b` is", "tag:\u202ea|`tag:\\u202ea` is"})
    void aTagIsRefusedInPlainWords(String text, String message) {
        assertThat(Tag.tryParse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new Tag(text)).withMessageStartingWith(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tag("tag:a\n"))
                .withMessageStartingWith("`tag:a\\u000a` is not a tag");
    }

    @Test
    void aTagIsRefusedInFewWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tag("x".repeat(1_000_000)))
                .withMessageStartingWith("`" + "x".repeat(80) + "...` is not a tag");
    }

    @Test
    void aTagHasAtMost255Characters() {
        assertThat(Tag.isValid("tag:" + "a".repeat(251))).isTrue();
        assertThat(Tag.isValid("tag:" + "a".repeat(252))).isFalse();
    }

    @Test
    void tagsAreOrderedByText() {
        assertThat(Stream.of(new Tag("tag:b"), new Tag("tag:a1"), new Tag("tag:a"))
                        .sorted())
                .containsExactly(new Tag("tag:a"), new Tag("tag:a1"), new Tag("tag:b"));
    }
}
