package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersTest {

    private static final User ALICE =
            User.builder(new UserId("2"), "alice").email("alice@example.com").build();
    private static final User BOB =
            User.builder(new UserId("1"), "bob").email("shared@example.com").build();
    private static final User BOB_AGAIN =
            User.builder(new UserId("3"), "bob").email("shared@example.com").build();
    private static final User ODD =
            User.builder(new UserId("4"), "odd").email("odd@").build();

    private static final Users USERS = Users.of(ALICE, BOB, BOB_AGAIN, ODD);

    @Test
    void usersAreInTheOrderOfTheirKeys() {
        assertThat(USERS.all()).containsExactly(BOB, ALICE, BOB_AGAIN, ODD);
    }

    @Test
    void usersAreFoundByKey() {
        assertThat(USERS.find(new UserId("2"))).contains(ALICE);
        assertThat(USERS.find(new UserId("9"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.com, 2",
        "alice@, 2",
        "alice, ''",
        "Alice@EXAMPLE.com, 2", // an address in any case
        "Alice@, ''", // a name as it is
        "bob@, '1 3'",
        "shared@example.com, '1 3'",
        "odd@, 4", // by name and by address, and only once
        "'', ''"
    })
    void usersAreFoundByTheNamesThatPoliciesWrite(String text, String ids) {
        assertThat(USERS.named(text).stream().map(user -> user.id().value()))
                .containsExactly(ids.isEmpty() ? new String[0] : ids.split(" "));
    }

    @Test
    void twoUsersCannotShareAKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Users.of(ALICE, ALICE))
                .withMessageContaining("`2`");
    }

    @Test
    void usersAreEqualWhateverTheOrderTheyCameIn() {
        assertThat(Users.of(List.of(BOB, ALICE)))
                .isEqualTo(Users.of(ALICE, BOB))
                .hasSameHashCodeAs(Users.of(ALICE, BOB))
                .isNotEqualTo(Users.of(ALICE));
        assertThat(Users.none()).isEqualTo(Users.of()).hasToString("[]");
    }
}
