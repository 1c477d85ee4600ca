package dev.wayleave.foresight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.RoutingViews;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.UserId;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.StoredTextException;
import dev.wayleave.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        return RouteTests.run(RoutingViews.of(scenario.state()), RouteTests.read("{\"routeTests\": [" + test + "]}"))
                .stream()
                .map(RouteTestFailure::text)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"viewer\": \"laptop\", \"reaches\": [\"10.1.0.0/16\", \"10.1.9.9 via tag:site-a\"]}",
                "{\"viewer\": \"ann@\", \"not\": [\"172.16.0.0/12\", \"autogroup:internet\", \"10.2.0.0/16\"]}",
                "{\"prefix\": \"10.1.0.0/16\", \"healthyRouters\": \">=2\"}",
                "{\"withDown\": [\"a\"], \"viewer\": \"laptop\", \"reaches\": [\"10.1.0.0/16 via tag:site-b\"]}",
                "{\"withDown\": [\"a\"], \"prefix\": \"10.1.0.0/16\", \"healthyRouters\": \">=1\"}",
                "{\"withDown\": [\"a\", \"b\"], \"viewer\": \"laptop\", \"not\": [\"10.0.0.0/8\"]}"
            })
    void whatIsSoHolds(String test) {
        assertThat(failures(test)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {"viewer": "laptop", "reaches": ["10.1.0.0/16 via tag:site-b"]} | through `a`, which has no `tag:site-b`
            {"viewer": "laptop", "reaches": ["172.16.0.0/12"]} | no route to `172.16.0.0/12`: a has `172.16.0.0/12`
            {"viewer": "laptop", "reaches": ["autogroup:internet"]} | no node has an effective route to it
            {"viewer": "laptop", "not": ["10.1.2.0/25"]} | gets `10.1.0.0/16` through `a`, which `not` rules out
            {"prefix": "10.1.2.0/24", "healthyRouters": ">=2"} | `10.1.2.0/24` has 1 healthy routers, and not 2
            {"withDown": ["a"], "prefix": "10.1.2.0/24", "healthyRouters": ">=1"} | has 0 healthy routers
            {"withDown": ["c"], "prefix": "10.1.2.0/24", "healthyRouters": ">=1"} | `c` names no node
            {"viewer": "ben@", "not": ["10.0.0.0/8"]} | viewer `ben@` names no node
            """)
    void whatIsNotSoFailsWithTheReason(String test, String reason) {
        assertThat(failures(test))
                .singleElement()
                .asString()
                .startsWith("routeTests[0]: ")
                .contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {"viewer": "a"} | routeTests[0]: `reaches` and `not` are missing
            {"viewer": "a", "reach": ["10.0.0.1"]} | routeTests[0]: `reach` is unknown here
            {"viewer": "a", "reaches": ["10.0.0.1/8"]} | routeTests[0].reaches[0]: `10.0.0.1/8` is no destination
            {"prefix": "10.0.0.0/8", "healthyRouters": "2"} | routeTests[0].healthyRouters: write `>=` and a number
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
        for (String text : List.of("10.0.0.0/24", "10.0.0.1/32 via tag:site-a", "autogroup:internet", "fd00::/8")) {
            assertThat(RouteExpectation.Target.parse(text)).hasToString(text);
        }
    }
}
