package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoTimeTest {

    @Test
    void timesThatGoDriversWriteAreRead() {
        for (String text : List.of(
                "2022-02-26 18:11:55.5+01:00",
                "2022-02-26T18:11:55.500+01:00",
                "2022-02-26 17:11:55.5Z",
                "2022-02-26 17:11:55.5",
                " 2022-02-26 18:11:55.5 +0100 CET m=+0.12 ",
                "2022-02-26 17:11:55.500000000 +0000 UTC")) {
            assertThat(GoTime.parse(text)).as(text).contains(Instant.parse("2022-02-26T17:11:55.5Z"));
        }
    }

    @Test
    void otherTextsAreRefused() {
        for (String text :
                List.of("", "yesterday", "2022-02-30 18:11:55Z", "2022-02-26", "2022-02-26 18:11:55+99:00", "0")) {
            assertThat(GoTime.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void goZeroTimeIsNone() {
        assertThat(GoTime.parse("0001-01-01 00:00:00+00:00").flatMap(GoTime::notZero))
                .isEqualTo(Optional.empty());
        assertThat(GoTime.notZero(Instant.parse("2022-02-26T17:11:55.123456789Z")))
                .contains(Instant.parse("2022-02-26T17:11:55.123Z"));
    }
}
