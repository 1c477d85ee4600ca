package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class UserTest {

    private static final User ALICE = User.builder(new UserId("7"), "alice")
            .email("alice@example.com")
            .role(Role.ADMIN)
            .build();

    @Test
    void aUserIsAMemberWithoutAnAddressByDefault() {
        User user = User.builder(new UserId("7"), "alice").build();
        assertThat(user.email()).isEmpty();
        assertThat(user.role()).isEqualTo(Role.MEMBER);
        assertThat(user).hasToString("alice (7)");
    }

    @Test
    void aUserHoldsTheFactsOfItsBuilder() {
        assertThat(ALICE.id()).isEqualTo(new UserId("7"));
        assertThat(ALICE.name()).isEqualTo("alice");
        assertThat(ALICE.email()).contains("alice@example.com");
        assertThat(ALICE.role()).isEqualTo(Role.ADMIN);
        assertThat(ALICE).hasToString("alice <alice@example.com> (7)");
    }

    @Test
    void aUserEqualsACopyAndDiffersByEachFact() {
        assertThat(ALICE.toBuilder().build()).isEqualTo(ALICE).hasSameHashCodeAs(ALICE);
        assertThat(List.of(
                        ALICE.toBuilder().name("bob").build(),
                        ALICE.toBuilder().email("bob@example.com").build(),
                        ALICE.toBuilder().role(Role.OWNER).build(),
                        User.builder(new UserId("8"), "alice")
                                .email("alice@example.com")
                                .role(Role.ADMIN)
                                .build()))
                .doesNotContain(ALICE)
                .doesNotHaveDuplicates();
    }

    @Test
    void aUserHasANameAndAddressOf1To255Characters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> User.builder(new UserId("7"), ""))
                .withMessageContaining("user name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ALICE.toBuilder().name("x".repeat(256)))
                .withMessageContainingAll("user name", "256", "255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ALICE.toBuilder().email(""))
                .withMessageContaining("e-mail");
    }
}
