package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingViews;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.testing.PolicyTestChecks;
import dev.wayleave.testing.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Route tests hold on the tailnet as it is, or once some routers are down. */
class RouteTestsTest {

    private final Scenario scenario = Scenario.begin()
            .user("ann")
            .policy("""
                    {"tagOwners": {"tag:router": [], "tag:site-a": [], "tag:site-b": []},
                     "grants": [{"src": ["ann@example.com"], "dst": ["10.0.0.0/8"], "ip": ["*"]}]}""")
            .register(
                    "laptop", node -> node.owner(Owner.user(new UserId("ann"))).address(IpAddress.parse("100.64.0.9")))
            .register("a", node -> node.owner(Owner.tags("tag:router", "tag:site-a")))
            .register("b", node -> node.owner(Owner.tags("tag:router", "tag:site-b")))
            .connect("laptop")
            .connect("a")
            .connect("b")
            .advertise("a", "10.1.0.0/16", "10.1.2.0/24", "172.16.0.0/12")
            .approve("a", "10.1.0.0/16", "10.1.2.0/24", "172.16.0.0/12")
            .advertise("b", "10.1.0.0/16")
            .approve("b", "10.1.0.0/16");

    private List<String> failures(String test) {
        return RouteTests.run(RoutingViews.of(scenario.state()), RouteTests.read("""
                {"routeTests": [%s]}""".formatted(test))).stream()
                .map(failure -> failure.text(scenario.state().names()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"viewer": "laptop", "reaches": ["10.1.0.0/24", "10.1.9.9 via tag:site-a"]}
            {"viewer": "ann@", "not": ["172.16.0.0/12", "autogroup:internet", "10.2.0.0/16"]}
            {"viewer": "b", "reaches": ["10.1.0.0/24 via tag:site-b"]}
            {"viewer": "a", "reaches": ["10.1.0.0/16", "172.16.0.0/13"], "not": ["172.16.0.0/12"]}
            {"prefix": "10.1.0.0/16", "healthyRouters": ">=2"}
            {"withDown": ["a"], "viewer": "laptop", "reaches": ["10.1.0.0/24 via tag:site-b"]}
            {"withDown": ["a"], "prefix": "10.1.0.0/16", "healthyRouters": ">=1"}
            {"withDown": ["a", "b"], "viewer": "laptop", "not": ["10.0.0.0/8"]}
            """)
    void aTrueExpectationHolds(String test) {
        assertThat(failures(test)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {"viewer": "laptop", "reaches": ["10.1.0.0/24 via tag:site-b"]} | through `a`, without the tag in
            {"viewer": "laptop", "reaches": ["172.16.0.0/12"]} | no route to all of `172.16.0.0/12`: `a` has `172.16.0.0/12`
            {"viewer": "laptop", "reaches": ["10.0.0.0/15"]} | no route to all of `10.0.0.0/15`
            {"viewer": "laptop", "reaches": ["autogroup:internet"]} | no node has an effective route to the rest
            {"viewer": "laptop", "not": ["10.1.2.0/25"]} | gets `10.1.0.0/16` through `a`, which `not` rules out
            {"prefix": "10.1.2.0/24", "healthyRouters": ">=2"} | `10.1.2.0/24` has 1 healthy router (`a`), and the test
            {"withDown": ["a"], "prefix": "10.1.2.0/24", "healthyRouters": ">=1"} | has no healthy router, and the test
            {"withDown": ["c"], "prefix": "10.1.2.0/24", "healthyRouters": ">=1"} | `c` under `withDown` is not a node
            {"viewer": "ben@", "not": ["10.0.0.0/8"]} | viewer `ben@` is not a node
            {"withDown": ["laptop"], "viewer": "laptop", "not": ["10.0.0.0/8"]} | viewer `laptop` is not a node
            """)
    void aFalseExpectationFailsWithTheReason(String test, String reason) {
        assertThat(failures(test))
                .singleElement()
                .asString()
                .startsWith("routeTests[0]: ")
                .contains(reason);
    }

    private static String laptop(String words) {
        return """
                {"viewer": "laptop", %s}""".formatted(words);
    }

    /** The narrower route goes through another router than the wider one. */
    @Test
    void viaHoldsForEveryPartOfTheDestination() {
        scenario.register("c", node -> node.owner(Owner.tags("tag:site-b")))
                .connect("c")
                .advertise("c", "10.1.3.0/24")
                .approve("c", "10.1.3.0/24");

        assertThat(failures(laptop("""
                "reaches": ["10.1.0.0/16 via tag:site-a"]""")))
                .singleElement()
                .asString()
                .containsSubsequence("`laptop`", "`10.1.3.0/24`", "`c`", "tag", "`10.1.0.0/16 via tag:site-a`");
        assertThat(failures(laptop("""
                "reaches": ["10.1.2.0/23", "10.1.0.0/23 via tag:site-a"]"""))).isEmpty();
    }

    @Test
    void twoRoutesTogetherReachADestination() {
        scenario.advertise("b", "10.8.0.0/17", "10.8.128.0/17").approve("b", "10.8.0.0/17", "10.8.128.0/17");

        assertThat(failures(laptop("""
                "reaches": ["10.8.0.0/16 via tag:site-b"]"""))).isEmpty();
    }

    @Test
    void aRouterThatIsOfflineCarriesNothingAlsoWhereItKeepsThePrefix() {
        scenario.settings(settings -> settings.offline(OfflineRule.KEEP_LAST))
                .disconnect("a")
                .disconnect("b")
                .after(Duration.ofMinutes(1))
                .expectKept("10.1.2.0/24", "a");

        assertThat(failures(laptop("""
                "reaches": ["10.1.2.0/24"]""")))
                .singleElement()
                .asString()
                .endsWith("`laptop` sends `10.1.2.0/24` by `10.1.2.0/24` to `a`, which is offline");
        assertThat(failures("""
                {"prefix": "10.1.0.0/16", "healthyRouters": ">=1"}"""))
                .singleElement()
                .asString()
                .endsWith("has no healthy router, and the test expects 1: `a`, `b` cannot carry it well now");
    }

    @Test
    void anUnhealthyRouterStaysSoWhereAnotherIsDown() {
        scenario.router("c", "10.1.0.0/16").unhealthy("b");

        assertThat(failures("""
                {"withDown": ["a"], "prefix": "10.1.0.0/16", "healthyRouters": ">=2"}\
                """)).singleElement().asString().contains("1 healthy router (`c`)");
        assertThat(failures(laptop("""
                "withDown": ["a"], "reaches": ["10.1.0.0/24 via tag:site-b"]\
                """))).singleElement().asString().contains("through `c`");
    }

    private void exitNodes() {
        scenario.advertise("a", "0.0.0.0/0", "::/0")
                .approve("a", "0.0.0.0/0", "::/0")
                .advertise("b", "0.0.0.0/0", "::/0")
                .approve("b", "0.0.0.0/0", "::/0")
                .policy("""
                    {"tagOwners": {"tag:router": [], "tag:site-a": [], "tag:site-b": []},
                     "grants": [{"src": ["ann@example.com"], "dst": ["autogroup:internet"], "ip": ["*"]}]}""");
    }

    @Test
    void oneExitNodeWithTheTagIsEnough() {
        exitNodes();

        assertThat(failures(laptop("""
                "reaches": ["autogroup:internet via tag:site-b", "::/0"]"""))).isEmpty();
        assertThat(failures(laptop("""
                "not": ["::/0 via tag:site-b"]""")))
                .singleElement()
                .asString()
                .containsSubsequence("`::/0`", "`a`", "`b`", "`not`");
        assertThat(failures("""
                {"prefix": "0.0.0.0/0", "healthyRouters": ">=2"}""")).isEmpty();

        scenario.disconnect("b").after(Duration.ofMinutes(1));
        assertThat(failures(laptop("""
                "reaches": ["autogroup:internet"]"""))).isEmpty();
        assertThat(failures(laptop("""
                "reaches": ["0.0.0.0/0 via tag:site-b"]\
                """))).singleElement().asString().endsWith("to `b`, which is offline");
        assertThat(failures(laptop("""
                "not": ["autogroup:internet via tag:site-b"]"""))).hasSize(1);
    }

    @Test
    void anExitNodeReachesTheInternetByItself() {
        exitNodes();

        assertThat(failures("""
                {"viewer": "a", "reaches": ["autogroup:internet", "::/0 via tag:site-a"]}""")).isEmpty();
        List<?> failures = failures("""
                {"viewer": "a", "reaches": ["autogroup:internet via tag:site-b"]}""");
        assertThat(failures).singleElement().asString().contains("without the tag");
    }

    /** An import may bring one exit route alone. */
    @Test
    void eachFamilyIsAskedByItself() {
        exitNodes();
        scenario.advertise("a", "0.0.0.0/0").advertise("b", "0.0.0.0/0");

        assertThat(failures(laptop("""
                "reaches": ["0.0.0.0/0"], "not": ["::/0"]"""))).isEmpty();
        assertThat(failures(laptop("""
                "reaches": ["::/0"]"""))).hasSize(1);
        assertThat(failures(laptop("""
                "reaches": ["autogroup:internet"]"""))).hasSize(1);
    }

    @Test
    void commentsAreAllowed() {
        assertThat(RouteTests.read("""
                {"routeTests": [
                  // the office
                  {"prefix": "10.0.0.0/8", "healthyRouters": ">= 2"},
                ]}"""))
                .containsExactly(new RouteExpectation.OfPrefix(Prefix.parse("10.0.0.0/8"), 2, List.of()));
    }

    @Test
    void testsAreChecksOfATestFramework() {
        List<PolicyTestChecks.Check> checks =
                PolicyTestChecks.ofRoutes(RoutingViews.of(scenario.state()), RouteTests.read("""
                        {"routeTests": [
                          {"prefix": "10.1.0.0/16", "healthyRouters": ">=2"},
                          {"withDown": ["a"], "viewer": "laptop", "reaches": ["10.1.2.0/24"], "not": ["10.2.0.0/16"]}
                        ]}"""));

        assertThat(checks)
                .extracting(PolicyTestChecks.Check::name)
                .containsExactly(
                        "routeTests[0] 10.1.0.0/16 has 2 healthy routers or more",
                        "routeTests[1] laptop reaches [10.1.2.0/24] does not reach [10.2.0.0/16] with [a] down");
        assertThatCode(checks.get(0)::run).doesNotThrowAnyException();
        assertThatCode(checks.get(1)::run).doesNotThrowAnyException(); // by the wider route of b
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {"viewer": "a"} | routeTests[0]: `reaches` and `not` are missing
            {"viewer": "a", "reach": ["10.0.0.1"]} | routeTests[0]: `reach` is unknown here
            {"viewer": "a", "reaches": ["10.0.0.1/8"]} | routeTests[0].reaches[0]: `10.0.0.1/8` is not a destination
            {"prefix": "10.0.0.0/8", "healthyRouters": "2"} | routeTests[0].healthyRouters: `2` is not a number of routers
            {"prefix": "10.0.0.0/8", "healthyRouters": ">=x"} | routeTests[0].healthyRouters: `>=x` is not a number of
            {"prefix": "10.0.0.0/8", "healthyRouters": ">=0"} | routeTests[0].healthyRouters: `>=0` is not a number of
            {"prefix": "10.0.0.0/8"} | routeTests[0]: `healthyRouters` is missing, or no text
            {"reaches": ["10.0.0.1"]} | routeTests[0]: `viewer` is missing, or no text
            7 | routeTests[0]: not an object
            """)
    void aMalformedTestIsRefusedWithItsPlace(String test, String message) {
        assertThatThrownBy(() -> failures(test))
                .isInstanceOf(StoredTextException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aTargetPrintsWhatItWasReadFrom() {
        for (String text :
                List.of("10.0.0.0/24", "10.0.0.1/32 via tag:site-a", "autogroup:internet", "fd00::/8", "::/0")) {
            assertThat(RouteExpectation.Target.parse(text)).hasToString(text);
        }
    }
}
