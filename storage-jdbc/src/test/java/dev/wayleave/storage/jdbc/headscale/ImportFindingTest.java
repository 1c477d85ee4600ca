package dev.wayleave.storage.jdbc.headscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.wayleave.command.Problem;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.Prefix;
import dev.wayleave.testing.Kinds;
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

    static Stream<Arguments> messages() {
        NodeId node = new NodeId(2);
        Prefix ten = Prefix.parse("10.0.0.0/8");
        return Stream.of(
                arguments(
                        new RouteReason.PrimaryNotKept(node, ten, RouteReason.NoIncumbent.CARRIED),
                        "node `2` is not kept as the primary of `10.0.0.0/8`: another node of the tailnet can carry"
                                + " it"),
                arguments(
                        new NodeReason.NodeIdTaken(node, "mine"),
                        "the tailnet has another node `2`, with the host key `mine`: not imported"),
                arguments(
                        new RowReason.Refused(List.of(new Problem.TooMany(0, Problem.Limit.ROUTES_PER_NODE, 3, 2))),
                        "refused: 3 routes on the node: at most 2 are allowed; raise the limit in the settings"),
                arguments(
                        new UserReason.UserRenumbered("ada", new UserId("headscale:1")),
                        "user `ada` gets the id `headscale:1`: another user of the tailnet has its id"),
                arguments(
                        new UserReason.UserMatched("bob@example.com", new UserId("u-bob")),
                        "user `bob@example.com` becomes the user `u-bob` of the tailnet, whose name or e-mail is the"
                                + " same"),
                arguments(
                        new PolicyReason.PolicyUndecided(),
                        "there is no policy to import, and without a policy every node reaches every node: give the"
                                + " policy of Headscale's file, or decide to have no policy"),
                arguments(
                        new PolicyReason.PolicyOverridden(),
                        "the policy of the row is not imported, as the caller decided"),
                arguments(
                        new PolicyReason.PolicyKept(),
                        "the tailnet has a policy of its own and keeps it: this policy is not imported"),
                arguments(
                        new PolicyReason.IdentifierInPolicy("provider_identifier", "sub-1@", "ann@"),
                        "the policy names the user `sub-1@`, by `provider_identifier`, which does not name this user"
                                + " in the tailnet: write `ann@` in the policy"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aReasonSaysWhatHappenedToTheRow(ImportFinding.Reason reason, String message) {
        assertThat(reason.message()).isEqualTo(message);
        assertThat(new ImportFinding("routes", "7", reason)).hasToString("routes 7: " + message);
    }
}
