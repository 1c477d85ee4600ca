package dev.wayleave.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Approvers as operators write them. */
class ApproverTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "administrator alice@example.com",
                "administrator alice the first",
                "policy routes 10.0.0.0/8 tag:router",
                "policy routes 2001:db8::/32 alice@",
                "policy routes 10.0.0.0/8 autogroup:member",
                "policy exitNode group:travellers",
                "policy exitNode alice@example.com",
                "import headscale 0.26"
            })
    void anApproverIsReadAndWrittenInTheSameWords(String text) {
        Approver approver = Approver.parse(text);

        assertThat(approver.asText()).isEqualTo(text);
        assertThat(Approver.parse(approver.asText())).isEqualTo(approver);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alice                             | write `administrator ACTOR`
            policy routes 10.0.0.0/8          | write `administrator ACTOR`
            policy routes 10.0.0.1/8 tag:a    | 10.0.0.0/8
            policy exitNode tag:              | tag:
            """)
    void anotherTextIsRefusedWithThePartThatIsWrong(String text, String part) {
        assertThatThrownBy(() -> Approver.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`" + text + "`")
                .hasMessageContaining(part);
    }

    @ParameterizedTest
    @CsvSource({
        "policy routes 10.0.0.0/8 tag:router, autoApprovers.routes.10.0.0.0/8.tag:router",
        "policy exitNode tag:router, autoApprovers.exitNode.tag:router"
    })
    void anAutoApproverNamesItsEntryOfThePolicy(String text, String entry) {
        assertThat(Approver.parse(text))
                .isInstanceOfSatisfying(
                        Approver.AutoApprover.class,
                        approver -> assertThat(approver.entry()).isEqualTo(entry));
    }

    @Test
    void anEmptyActorIsRefused() {
        assertThatThrownBy(() -> Approver.parse("administrator ")).isInstanceOf(IllegalArgumentException.class);
    }
}
