package dev.wayleave.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wayleave.approval.Approver;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the texts of a host may hold. */
class NameRulesTest {

    @ParameterizedTest
    @CsvSource({
        "0000, control character",
        "0007, control character",
        "000A, control character",
        "007F, control character",
        "0085, control character",
        "009F, control character",
        "2028, line separator",
        "2029, line separator",
        "D83D, half a surrogate pair",
        "DCA1, half a surrogate pair",
    })
    void aCharacterThatBreaksLinesOrDatabasesIsAFlawWhereverItStands(String code, String kind) {
        char flaw = (char) Integer.parseInt(code, 16);
        for (String text : List.of(flaw + "ab", "a" + flaw + "b", "ab" + flaw)) {
            assertThat(NameRules.flaw(text, 3))
                    .hasValueSatisfying(words -> assertThat(words).contains(kind, "U+" + code));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "~", "\u00a0", "é", "李雷", "\ud83d\udca1", "a\u200db", "\u202e", "\uffff"})
    void everyOtherCharacterIsFit(String text) {
        assertThat(NameRules.flaw(text, 3)).isEmpty();
    }

    @Test
    void aTextHasAtLeastOneCharacterAndAtMostTheLongest() {
        assertThat(NameRules.flaw("", 3)).contains("is empty");
        assertThat(NameRules.flaw("abc", 3)).isEmpty();
        assertThat(NameRules.flaw("abcd", 3)).contains("has 4 characters; at most 3 are allowed");
    }

    /** Every value that takes a text from a host. */
    private static Stream<Consumer<String>> takers() {
        UserId user = new UserId("u");
        NodeId node = new NodeId(1);
        return Stream.of(
                text -> assertThat(new TailnetId(text)).isNotNull(),
                text -> assertThat(new UserId(text)).isNotNull(),
                text -> assertThat(new Actor(text)).isNotNull(),
                text -> assertThat(new SessionId(text)).isNotNull(),
                text -> assertThat(new Approver.Import(text)).isNotNull(),
                text -> assertThat(User.builder(user, text)).isNotNull(),
                text -> User.builder(user, "a").name(text),
                text -> User.builder(user, "a").email(text),
                text -> assertThat(Node.builder(node, text, Owner.user(user))).isNotNull(),
                text -> Node.builder(node, "a", Owner.user(user)).name(text),
                text -> Node.builder(node, "a", Owner.user(user)).hostKey(text),
                text -> assertThat(new Command.ImportApprovals(node, List.of(), text))
                        .isNotNull(),
                text -> assertThat(new Submission(new Actor("a"), text, List.of()))
                        .isNotNull());
    }

    @ParameterizedTest
    @MethodSource("takers")
    void everyTextOfAHostIsChecked(Consumer<String> taker) {
        taker.accept("fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> taker.accept("a\u0000b"))
                .withMessageEndingWith(" has the control character U+0000, which is not allowed");
        assertThatIllegalArgumentException().isThrownBy(() -> taker.accept("\ud83d"));
        assertThatIllegalArgumentException().isThrownBy(() -> taker.accept(""));
        assertThatIllegalArgumentException().isThrownBy(() -> taker.accept("x".repeat(256)));
    }
}
