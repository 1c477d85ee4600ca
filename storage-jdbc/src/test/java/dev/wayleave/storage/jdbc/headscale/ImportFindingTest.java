package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wayleave.command.Problem;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Kinds;
import dev.wayleave.testing.TextRules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImportFindingTest {

    @Test
    void theKindsOfFindingsAreUniqueAndInKebabCase() {
        assertThat(Kinds.of(ImportFinding.Reason.class).values())
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(kind -> kind.matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }

    /** A reason, and the facts that its message has in this order. */
    static Stream<Arguments> messages() {
        NodeId node = new NodeId(2);
        Prefix ten = Prefix.parse("10.0.0.0/8");
        return Stream.of(
                arguments(
                        new RouteReason.PrimaryNotKept(node, ten, RouteReason.NoIncumbent.CARRIED),
                        "`2` … primary … `10.0.0.0/8` … another node"),
                arguments(new NodeReason.NodeIdTaken(node, "mine"), "another node `2` … `mine`"),
                arguments(
                        new RowReason.Refused(List.of(new Problem.TooMany(0, Problem.Limit.ROUTES_PER_NODE, 3, 2))),
                        "refused … 3 routes … 2 … settings"),
                arguments(
                        new UserReason.UserRenumbered("ada", new UserId("headscale:1")),
                        "`ada` … id `headscale:1` … another user"),
                arguments(
                        new UserReason.UserMatched("bob@example.com", new UserId("u-bob")),
                        "`bob@example.com` … `u-bob` … the same"),
                arguments(new PolicyReason.PolicyUndecided(), "no policy … every node … Headscale's file"),
                arguments(new PolicyReason.PolicyOverridden(), "policy of the row … not imported"),
                arguments(new PolicyReason.PolicyKept(), "policy of its own … not imported"),
                arguments(
                        new PolicyReason.IdentifierInPolicy("provider_identifier", "sub-1@", "ann@"),
                        "`sub-1@` … `provider_identifier` … `ann@`"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aReasonSaysWhatHappenedToTheRow(ImportFinding.Reason reason, String facts) {
        assertThat(reason.message()).satisfies(TextRules::assertReadable).containsSubsequence(facts.split(" … "));
        assertThat(new ImportFinding("routes", "7", reason)).hasToString("routes 7: " + reason.message());
    }

    @Test
    void noTwoReasonsPrintAlike() {
        Stream<RouteReason> notKept = Stream.of(RouteReason.NoIncumbent.values())
                .map(why -> new RouteReason.PrimaryNotKept(new NodeId(2), Prefix.parse("10.0.0.0/8"), why));

        assertThat(Stream.concat(messages().skip(1).map(each -> (ImportFinding.Reason) each.get()[0]), notKept)
                        .map(ImportFinding.Reason::message))
                .doesNotHaveDuplicates();
    }
}
