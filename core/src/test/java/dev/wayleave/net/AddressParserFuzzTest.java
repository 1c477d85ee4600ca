package dev.wayleave.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of thousands of texts that are nearly right: the parser against the IPAddress library, and against
 * surprises.
 */
class AddressParserFuzzTest {

    private int accepted;

    @Test
    void theParserReadsExactlyTheTextsThatTheStrictLibraryReads() {
        MutatedTexts.forEach(200_000, text -> {
            Optional<StrictOracle> expected = StrictOracle.read(text);
            check(
                    text,
                    IpAddress::tryParse,
                    expected.flatMap(StrictOracle::asAddress).orElse(null));
            check(
                    text,
                    Prefix::tryParse,
                    expected.flatMap(StrictOracle::asPrefix).orElse(null));
            check(
                    text,
                    AddressParser::tryTruncating,
                    expected.flatMap(StrictOracle::asTruncated).orElse(null));
        });
        assertThat(accepted).as("texts that were accepted").isGreaterThan(50_000);
    }

    private <T> void check(String text, Function<String, Optional<T>> parser, @Nullable T theirs) {
        T ours = parser.apply(text).orElse(null);
        // Spelled out, because a description for each of so many texts would cost more than the check.
        if (!Objects.equals(ours, theirs)) {
            throw new AssertionError("`" + text + "`: " + ours + ", but the library reads " + theirs);
        }
        accepted += ours == null ? 0 : 1;
    }

    @Test
    void aTextYieldsAValueOrTheDocumentedError() {
        MutatedTexts.forEach(30_000, text -> {
            checkError(text, IpAddress::parse);
            checkError(text, Prefix::parse);
            checkError(text, IpRange::parse);
            checkError(text, Via6::parseName);
        });
    }

    private static void checkError(String text, Function<String, Object> parser) {
        try {
            assertThat(parser.apply(text)).isNotNull();
        } catch (AddressFormatException refused) {
            boolean wellFormed = refused.text().equals(text)
                    && refused.getMessage().length() < 700
                    && refused.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~')
                    && !refused.reason().equals(AddressDiagnosis.UNKNOWN)
                    && !refused.reason().isBlank();
            if (!wellFormed) {
                throw new AssertionError("`" + text + "`", refused);
            }
            refused.suggestion().ifPresent(parser::apply);
        }
    }
}
