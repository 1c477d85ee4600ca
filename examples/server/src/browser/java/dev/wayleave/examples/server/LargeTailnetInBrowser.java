package dev.wayleave.examples.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.wayleave.command.Command;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.User;
import dev.wayleave.mesh.UserId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The page of a tailnet with 300 nodes and 1,000 routes: 200 routers of ten sites, and 100 nodes of 50 users in five
 * teams.
 */
class LargeTailnetInBrowser extends BrowserTest {

    private static final int ROUTERS = 200;
    private static final int VIEWERS = 100;
    private static final int USERS = 50;
    private static final int TEAMS = 5;
    private static final int ROUTES_EACH = 5;

    private static final Browser.StartTracingOptions TASKS =
            new Browser.StartTracingOptions().setCategories(List.of("disabled-by-default-devtools.timeline"));

    /** Notes when the first row is there, and waits within the page: a look from outside is work for the page, too. */
    private static final String STOPWATCH = """
            window.until = (...selectors) => new Promise((done) => {
              const look = () => selectors.every((each) => document.querySelector(each) !== null);
              const watch = new MutationObserver(() => look() && (watch.disconnect(), requestIdleCallback(done)));
              look() ? requestIdleCallback(done) : watch.observe(document, { childList: true, subtree: true });
            });
            new MutationObserver((_, watch) => {
              if (document.querySelector('tr.node') !== null) {
                window.rows = performance.now();
                watch.disconnect();
              }
            }).observe(document, { childList: true, subtree: true });
            """;

    private static final String OPENED = "() => until('tr.node', '.picture .item', '#events li')";

    /** Explains a router, and groups the list by tag or user. */
    private static final String USE = """
            async () => {
              document.querySelector('tr.node .name').click();
              await until('#why .facts');
              const by = document.getElementById('group-by');
              by.value = 'owner';
              by.dispatchEvent(new Event('change'));
              await until('#nodes .group:nth-of-type(50)');
            }
            """;

    private static final String SEARCH = """
            (text) => new Promise((done) => {
              const begun = performance.now();
              const field = document.getElementById('filter');
              field.value = text;
              field.dispatchEvent(new Event('input'));
              requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
            })
            """;

    @Override
    void fill() {
        List<User> users = IntStream.rangeClosed(1, USERS)
                .mapToObj(i -> User.builder(new UserId("u" + i), "user-" + i)
                        .email("user-" + i + "@example.com")
                        .build())
                .toList();
        submit(
                new Command.SetSettings(server.plane.state().settings().toBuilder()
                        .withoutSilenceLimit()
                        .build()),
                new Command.SetUsers(Users.of(users)),
                new Command.SetPolicy(PolicyReader.read(policy())));
        List<Command> commands = new ArrayList<>(routers(1, ROUTERS));
        for (int i = 1; i <= VIEWERS; i++) {
            NodeId id = new NodeId(10_000 + i);
            commands.add(register(id, "laptop-" + i, Owner.user(new UserId("u" + (1 + i % USERS)))));
            commands.add(new Command.ConnectSession(id, new SessionId("s")));
        }
        submit(commands.toArray(Command[]::new));
    }

    /** Each team reaches a fifth of the networks. */
    private static String policy() {
        List<String> grants = new ArrayList<>();
        for (int team = 0; team < TEAMS; team++) {
            List<String> members = new ArrayList<>();
            for (int i = team; i < USERS; i += TEAMS) {
                members.add("\"user-" + (1 + i) + "@example.com\"");
            }
            grants.add("""
                    {"src": %s, "dst": ["10.%d.0.0/16"], "ip": ["*"]}""".formatted(members, team));
        }
        return """
                {"grants": %s}""".formatted(grants);
    }

    private static Command register(NodeId id, String name, Owner owner) {
        return new Command.RegisterNode(Node.builder(id, name, owner)
                .hostKey(name)
                .address(IpAddress.parse("100.64." + id.value() / 250 + "." + (1 + id.value() % 250)))
                .build());
    }

    /**
     * Routers with five networks each; of every twentieth one network waits for approval, and every fiftieth is
     * offline.
     */
    private static List<Command> routers(int first, int last) {
        List<Command> commands = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            NodeId id = new NodeId(i);
            List<Prefix> prefixes = new ArrayList<>();
            for (int k = 0; k < ROUTES_EACH; k++) {
                int number = i * ROUTES_EACH + k;
                prefixes.add(Prefix.parse(
                        "10." + (number % TEAMS + TEAMS * (number / 1_280)) + "." + number / TEAMS % 256 + ".0/24"));
            }
            commands.add(register(id, "router-" + i, Owner.tags("tag:site-" + (1 + i % 10))));
            commands.add(new Command.AdvertiseRoutes(id, prefixes));
            commands.add(new Command.ApproveRoutes(id, i % 20 == 0 ? prefixes.subList(1, ROUTES_EACH) : prefixes));
            if (i % 50 != 0) {
                commands.add(new Command.ConnectSession(id, new SessionId("s")));
            }
        }
        return commands;
    }

    private double search(String text) {
        return ((Number) page.evaluate(SEARCH, text)).doubleValue();
    }

    /** The processor time of the page's main thread: what else the machine does is not in it. In milliseconds. */
    private record Work(double total, double longest) {

        static Work of(byte[] trace) {
            Map<String, Work> threads = new HashMap<>();
            Set<String> pages = new HashSet<>();
            for (JsonNode event : TestServer.JSON.readTree(trace).at("/traceEvents")) {
                String thread = event.at("/pid") + " " + event.at("/tid");
                String name = event.at("/name").stringValue("");
                if (event.at("/args/name").stringValue("").equals("CrRendererMain")) {
                    pages.add(thread);
                } else if (name.equals("RunTask")) {
                    double time = event.at("/tdur").doubleValue(0) / 1_000;
                    threads.merge(thread, new Work(time, time), Work::and);
                }
            }
            threads.keySet().retainAll(pages);
            return threads.values().stream()
                    .max(Comparator.comparing(Work::total))
                    .orElseThrow();
        }

        Work and(Work other) {
            return new Work(total + other.total, Math.max(longest, other.longest));
        }
    }

    private record Measured(double rows, double wallSearch, Work opening, double search, double longest) {}

    private Measured measure(List<String> searches) {
        open(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE), STOPWATCH);
        browser.startTracing(page, TASKS);
        page.reload();
        page.evaluate(OPENED);
        double rows = ((Number) page.evaluate("() => rows")).doubleValue();
        Work opening = Work.of(browser.stopTracing());
        browser.startTracing(page, TASKS);
        double wallSearch = searches.stream().mapToDouble(this::search).max().orElseThrow();
        Work searching = Work.of(browser.stopTracing());
        browser.startTracing(page, TASKS);
        page.evaluate(USE);
        Work using = Work.of(browser.stopTracing());
        return new Measured(
                rows,
                wallSearch,
                opening,
                searching.total() / searches.size(),
                opening.and(searching).and(using).longest());
    }

    private static String text(Measured measured) {
        return String.format(
                "first rows after %.0f ms, slowest search %.0f ms by the clock; processor time: opening %.0f ms, a "
                        + "search %.0f ms, longest task %.0f ms",
                measured.rows(),
                measured.wallSearch(),
                measured.opening().total(),
                measured.search(),
                measured.longest());
    }

    @Test
    void openingAndSearchingTakeLittleTimeAndNoTaskTakesLong() {
        Measured measured = measure(List.of("1", "10.3", "10.3.2", "router-17", "laptop", ""));

        System.out.println("300 nodes, 1,000 routes: " + text(measured));
        assertThat(measured.opening().total()).as("opening, in milliseconds").isLessThanOrEqualTo(1_000);
        assertThat(measured.search()).as("a search, in milliseconds").isLessThanOrEqualTo(100);
        assertThat(measured.longest()).as("longest task, in milliseconds").isLessThanOrEqualTo(200);
    }

    @Test
    void tenThousandRoutesAreFoundByASearch() {
        submit(routers(ROUTERS + 1, 2_000).toArray(Command[]::new));

        Measured measured = measure(List.of("10.20.1", "router-17", "", "10.20.1", "router-17", ""));

        System.out.println("2,100 nodes, 10,000 routes: " + text(measured));
        page.locator("#filter").fill("router-1777");
        assertThat(page.locator("tr.node .name")).hasText("router-1777");
        assertThat(page.locator("#list-count")).hasText("1 of 2,100");
    }

    private Locator group(String title) {
        return page.locator("#nodes .group").filter(new Locator.FilterOptions().setHasText(title));
    }

    @Test
    void groupsAndNodesAreFoldedAndALongListIsShownInPortions() {
        Locator routers = group("Nodes with subnet routes");
        assertThat(routers).containsText("200 nodes, 1,000 routes");
        assertThat(routers).containsText("10 waiting for approval");
        assertThat(page.locator("tr.node")).hasCount(40);
        assertThat(page.locator("tr.route")).hasCount(0);
        assertThat(row("router-1").locator(".chip").last()).hasText("5 primary");

        row("router-1").locator(".fold").click();
        assertThat(page.locator("tr.route")).hasCount(5);
        page.locator("tr.more button").click();
        assertThat(page.locator("tr.node")).hasCount(80);
        routers.locator(".fold").click();
        assertThat(routers.locator(".fold")).hasAttribute("aria-expanded", "false");
        assertThat(page.locator("tr.node")).hasCount(0);

        group("Nodes without routes").locator(".fold").click();
        assertThat(row("laptop-1")).isVisible();
    }

    @Test
    void theHeadingOfAGroupStaysWhenTheListIsScrolled() {
        page.setViewportSize(1280, 800);
        Locator list = page.locator("#routes .scroll");
        list.evaluate("list => list.scrollTop = 600");

        assertThat(page.evaluate("""
                        () => document.querySelector('#nodes .group th').getBoundingClientRect().top
                          - document.querySelector('#routes .scroll').getBoundingClientRect().top""")).isEqualTo(0);
    }

    @Test
    void theListIsFilteredByStateTagAndUser() {
        page.locator("#filter-state").selectOption("waiting");
        assertThat(page.locator("tr.node")).hasCount(10);
        assertThat(page.locator("tr.route")).hasCount(10);
        assertThat(page.locator("#list-count")).hasText("10 of 300");

        page.locator("#filter-state").selectOption("");
        page.locator("#filter-owner").selectOption("tag:site-3");
        assertThat(page.locator("#list-count")).hasText("20 of 300");
        page.locator("#filter").fill("router-12");
        assertThat(page.locator("tr.node .name")).hasText(new String[] {"router-12", "router-122"});

        page.locator("#filter").fill("");
        page.locator("#filter-owner").selectOption("user u7");
        assertThat(page.locator("tr.node .name")).hasText(new String[] {"laptop-6", "laptop-56"});
        page.locator("#filter-owner").selectOption("");
        page.locator("#group-by").selectOption("owner");
        assertThat(page.locator("#nodes .group")).hasCount(60);
    }

    @Test
    void thePictureFollowsTheChoiceAndShowsItsSurroundings() {
        assertThat(page.locator("#picture-all")).isHidden();
        page.locator("#filter").fill("router-107");
        row("router-107").locator(".name").click();

        assertThat(page.locator("#picture-all")).isVisible();
        // the router, its five networks, the class of each of the five teams, and how much more each of two columns has
        assertThat(page.locator(".picture .item[data-key='node 107']")).hasAttribute("aria-pressed", "true");
        assertThat(page.locator(".picture .item[data-key^='prefix']")).hasCount(ROUTES_EACH);
        assertThat(page.locator(".picture .item[data-key^='node']")).hasCount(1);
        assertThat(page.locator(".picture .item[data-key^='viewers']")).hasCount(TEAMS);
        assertThat(page.locator(".picture .item[data-key^='viewers'] .name").first())
                .hasText("20 viewers");
        photograph("large-surroundings");

        page.locator("#picture-all").click();
        assertThat(page.locator("#picture-all")).isHidden();
        assertThat(page.locator("#why h3")).hasText("Overview");
    }

    @Test
    void aChoiceInThePictureOpensItsRowInTheList() {
        Locator item = page.locator(".picture .item[data-key^='prefix']").last();
        String prefix = item.getAttribute("data-key").substring("prefix ".length());

        item.click();

        assertThat(page.locator("tr.route.chosen")).containsText(prefix);
        assertThat(page.locator("tr.route.chosen")).isInViewport();
    }

    @Test
    void theOverviewLeadsToAllRoutesThatWait() {
        assertThat(page.locator("#why h4").filter(new Locator.FilterOptions().setHasText("Waiting")))
                .hasText("Waiting for approval: 10 routes");

        button("Show all 10").click();

        assertThat(page.locator("tr.route")).hasCount(10);
        assertThat(page.locator("#filter-state")).isFocused();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "LIGHT, 390", "DARK, 1280", "DARK, 390"})
    void anAuditOfAccessibilityFindsNothing(ColorScheme scheme, int width) throws IOException {
        openAudited(scheme, width);
        assertThat(page.locator("tr.node").first()).isVisible();
        photograph("large-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width);
        audit("folded");
        row("router-1").locator(".fold").click();
        page.locator("#filter-state").selectOption("waiting");
        assertThat(page.locator("tr.route").first()).isVisible();
        audit("filtered");
        page.locator("tr.route .plain").first().click();
        assertThat(page.locator("#picture-all")).isVisible();
        assertThat(page.locator("#why .ladder")).hasText(Pattern.compile("advertised.*"));
        audit("with the surroundings of a route");
    }
}
