package dev.wayleave.examples.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.wayleave.command.Command;
import dev.wayleave.election.OfflineRule;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.net.Prefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of the sample, as an operator sees it. */
class PageInBrowser extends BrowserTest {

    /** Silence limit and some slack, in milliseconds. */
    private static final double SILENCE = 40_000;

    /** A time in a text of the server: the page shows it as it is. */
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z";

    private final List<AgentProcess> agents = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void endAgents() {
        agents.forEach(AgentProcess::close);
    }

    @Test
    void theKeyLeavesTheAddressAndStaysInTheTab() {
        assertThat(page.url()).doesNotContain("key");
        page.reload();
        assertThat(page.locator("#connection-words")).hasText("live");
        button("Forget key").click();
        assertThat(page.locator("#key")).isFocused();
        page.locator("#key").fill("wlk_wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("#key-problem")).hasText("This key does not open the tailnet.");
        page.locator("#key").fill(server.operator);
        page.keyboard().press("Enter");
        assertThat(page.locator("#tailnet")).hasText("sample");
    }

    @Test
    void aRouteThatWaitsIsApprovedAndServes() {
        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("waiting for approval");

        inList("Approve 10.28.0.0/16 on berlin-b").click();

        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("primary");
        assertThat(page.locator("#events")).containsText("10.28.0.0/16");
        button("Revoke 10.28.0.0/16 on berlin-b").click();
        assertThat(page.locator("#ask-words")).containsText("1 prefix becomes unserved");
        button("Revoke anyway").click();
        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("denied");
    }

    @Test
    void revokingWhatViewersHaveIsAskedAboutFirst() {
        button("Revoke 10.40.0.0/16 on london").click();

        assertThat(page.locator("#ask-list")).containsText("lea-laptop");
        page.keyboard().press("Escape");
        assertThat(row("london", "10.40.0.0/16").locator(".chip")).hasText("primary");

        button("Revoke 10.40.0.0/16 on london").click();
        button("Revoke anyway").click();
        assertThat(row("london", "10.40.0.0/16").locator(".chip")).hasText("denied");
    }

    @Test
    void aRouterDiesAndThePageSaysWhoServesAndWhy() {
        assertThat(row("berlin-a", "10.20.0.0/16").locator(".chip")).hasText("primary");
        row("berlin-a").locator(".name").click();

        button("Shut it down").click();

        assertThat(row("berlin-a").locator(".chip").first()).containsText("in grace");
        assertThat(row("berlin-a").locator(".chip").first()).hasText("offline");
        assertThat(row("berlin-b", "10.20.0.0/16").locator(".chip")).hasText("primary");
        assertThat(page.locator("#events li").first()).containsText(Pattern.compile("10\\.20\\.0\\.0/16.*berlin-b"));
        assertThat(page.locator("#announce")).containsText("berlin-b");
        assertThat(page.locator(".picture .item[data-key='node 1']")).hasAttribute("data-tone", "off");

        row("berlin-a", "10.20.0.0/16").locator(".plain").click();
        assertThat(page.locator("#why")).containsText("This node does not carry it now.");
        assertThat(page.locator("#why")).containsText("offline");
        row("berlin-b", "10.20.0.0/16").locator(".plain").click();
        assertThat(page.locator("#why")).containsText("This node carries it now.");
        assertThat(page.locator("#why .past li").first()).containsText("from berlin-a to berlin-b");
        assertThat(page.locator("#why .past li").first())
                .containsText(Pattern.compile(
                        "the session of berlin-a ended at " + TIME + "; grace of 2 s until " + TIME + "; then "));
        assertThat(page.locator("#why .past")).containsText("berlin-a is in its grace");
        assertThat(page.locator("#why .ladder")).containsText("to ada-laptop");
    }

    @Test
    void aLostNetworkStaysInTheHeadCountAndTheOverviewSaysWhy() {
        assertThat(page.locator("#figures")).not().containsText("not served");
        inList("Approve 10.28.0.0/16 on berlin-b").click();
        button("Revoke 10.28.0.0/16 on berlin-b").click();
        button("Revoke anyway").click();

        assertThat(page.locator("#figures")).containsText("4 of 5 subnets served");
        assertThat(page.locator("#figures")).containsText("1 not served");
        assertThat(page.locator(".picture .item[data-key='prefix 10.28.0.0/16'] .sub"))
                .hasText("unserved, denied");
        assertThat(page.locator("#why h4").first()).hasText("Not served: 1 subnet");
        assertThat(page.locator("#why .rows").first()).containsText("10.28.0.0/16");
        assertThat(page.locator("#why .rows").first()).containsText("key 1 (operator)");
        photograph("lost");
        row("berlin-b", "10.28.0.0/16").locator(".plain").click();
        assertThat(page.locator("#why .answer")).containsText("No node carries 10.28.0.0/16 since");
        page.locator("#figures button").click();
        assertThat(page.locator("#why h3")).hasText("Overview");

        inList("Approve 10.28.0.0/16 on berlin-b").click();
        assertThat(page.locator("#figures")).containsText("5 of 5 subnets served");
        assertThat(page.locator("#figures")).not().containsText("not served");
    }

    @Test
    void aNetworkOfARemovedNodeIsLostAndItsHistoryIsShown() {
        submit(new Command.RemoveNode(new NodeId(5)), new Command.RemoveNode(new NodeId(6)));

        assertThat(page.locator("#figures")).containsText("1 not served");
        page.locator(".picture .item[data-key='prefix 10.40.0.0/16']").click();

        assertThat(page.locator("#why .answer")).containsText("Node 5 is removed.");
        assertThat(page.locator("#why .past")).containsText("10.40.0.0/16 is unserved");
    }

    @Test
    void withoutAChoiceThePanelShowsWhatWaitsAndWhatLintFinds() {
        assertThat(page.locator("#why h4").first()).hasText("Waiting for approval: 1 route");
        assertThat(page.locator("#why .rows").last()).containsText("info");
        photograph("overview");

        page.locator("#why")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Approve 10.28.0.0/16 on berlin-b"))
                .click();

        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("primary");
        assertThat(page.locator("#why")).not().containsText("Waiting for approval");
        button("What to do about them").click();
        assertThat(page.locator("#findings-list .advice").first()).isVisible();
    }

    @Test
    void theListShowsIdsAddressesAndWhenANodeWasSeen() {
        assertThat(row("berlin-a").locator(".node-facts")).hasText("#1100.64.0.1fd7a:115c:a1e0::1seen now");

        row("berlin-a").locator(".name").click();
        button("Shut it down").click();

        assertThat(row("berlin-a").locator(".node-facts"))
                .containsText(Pattern.compile("absent since \\d\\d:\\d\\d:\\d\\d"));
        page.locator("#filter").fill("100.64.0.3");
        assertThat(page.locator("#nodes tbody.block")).hasCount(1);
        page.locator("#filter").fill("#4");
        assertThat(page.locator("#nodes tbody.block .name")).hasText("cloud-b");
    }

    private void register(long id, String name) {
        submit(
                new Command.RegisterNode(Node.builder(new NodeId(id), name, Owner.tags("tag:router"))
                        .hostKey("host " + id)
                        .build()),
                new Command.AdvertiseRoutes(new NodeId(id), List.of(Prefix.parse("2001:db8:1234:5678:9abc:def0::/96"))),
                new Command.ConnectSession(new NodeId(id), new SessionId("s")));
    }

    @Test
    void nodesWithOneNameHaveTheirIds() {
        register(98, "berlin-a");

        assertThat(inList("Drain berlin-a (1)")).isVisible();
        assertThat(page.locator(".picture .item[data-key='node 1'] .name")).hasText("berlin-a (1)");
        page.locator(".picture .item[data-key='node 98']").click();
        assertThat(page.locator("#why h3")).hasText("berlin-a (98)");
        assertThat(page.locator("#events li").first()).containsText("berlin-a (98)");
    }

    @Test
    void namesWithCharactersThatAreNotSeenAreEscapedAndEveryNameIsIsolated() {
        register(97, "a\u202eb\u200bc");
        register(98, "\u05e9\u05dc\u05d5\u05dd");

        assertThat(row("a\\u202eb\\u200bc")).isVisible();
        row("a\\u202eb\\u200bc").locator(".name").click();
        assertThat(page.locator("#why h3 bdi")).hasText("a\\u202eb\\u200bc");
        assertThat(page.locator("#events")).containsText("a\\u202eb\\u200bc");
        assertThat(row("\u05e9\u05dc\u05d5\u05dd").locator(".name bdi")).hasCount(1);
        assertThat(page.locator("#events bdi").first()).hasText("\u05e9\u05dc\u05d5\u05dd");
        assertThat(page.evaluate("() => /[\\u202e\\u200b]/.test(document.documentElement.outerHTML)"))
                .isEqualTo(false);
    }

    @Test
    void aPhoneShowsWholePrefixes() {
        page.setViewportSize(390, 800);
        register(98, "far");

        String prefix = "2001:db8:1234:5678:9abc:def0::/96";
        assertThat(row("far", prefix)).isVisible();
        assertThat(page.locator(".picture .item[data-key='prefix " + prefix + "'] .name"))
                .hasText(prefix);
        photograph("phone-prefix");
        assertThat(page.evaluate("""
                        () => [...document.querySelectorAll('.picture .item')].filter((item) =>
                          [...item.querySelectorAll('text')].some((text) => {
                            const [inner, outer] = [text.getBoundingClientRect(), \
                        item.querySelector('.body').getBoundingClientRect()];
                            return inner.width > 0 && (inner.right > outer.right || inner.bottom > outer.bottom);
                          })).map((item) => item.dataset.key)"""))
                .as("items whose text is wider than their box")
                .isEqualTo(List.of());
    }

    @Test
    void anAgentThatTheServerDoesNotRunSaysWhyItCannotBeEnded() {
        register(98, "far");
        row("far").locator(".name").click();

        assertThat(button("Cut its power")).hasAttribute("aria-disabled", "true");
        assertThat(button("Cut its power"))
                .hasAccessibleDescription(Pattern.compile("The server does not run this agent"));
        button("Cut its power").click(new Locator.ClickOptions().setForce(true));
        assertThat(page.locator("#toast")).isHidden();
    }

    @Test
    void aBoardWithoutAConnectionSaysThatItIsStale() {
        server.demo.web().close();

        assertThat(page.locator("#connection-words"))
                .hasText(Pattern.compile("connection lost at \\d\\d:\\d\\d:\\d\\d: this board is stale; trying again"));
        assertThat(page.locator("body")).hasClass(Pattern.compile("\\bstale\\b"));
    }

    @Test
    void aBoardWhoseConnectionIsSilentSaysThatItIsStale() throws Exception {
        try (StallingProxy proxy = new StallingProxy(server.demo.web().address().getPort())) {
            page.navigate("http://127.0.0.1:" + proxy.port() + "/#key=" + server.operator);
            assertThat(page.locator("#connection-words")).hasText("live");

            proxy.stall();

            assertThat(page.locator("#connection-words"))
                    .hasText(
                            Pattern.compile("connection lost at .*: this board is stale; trying again"),
                            new LocatorAssertions.HasTextOptions().setTimeout(30_000));
        }
    }

    @Test
    void aKeyThatReadsHasNoButtonsAndSeesTheReason() {
        String reader = server.demo.keys().create(Scope.READ, "reader").key();
        button("Forget key").click();
        page.locator("#key").fill(reader);
        page.locator("#key").press("Enter");
        assertThat(page.locator("#connection-words")).hasText("live");

        row("berlin-a").locator(".name").click();
        assertThat(page.locator("#why")).containsText("This key may read. To stop or silence its agent");
        row("berlin-a", "10.20.0.0/16").locator(".plain").click();
        assertThat(page.locator("#why")).containsText("This key may read. To approve or revoke");
        assertThat(button("Revoke 10.20.0.0/16 on berlin-a")).isHidden();
    }

    /** The agent ends no session: the server notices the silence. */
    @Test
    void aRouterWhosePowerIsCutIsReplacedAfterTheSilenceLimitAndTheGrace() {
        page.setViewportSize(1280, 840);
        row("berlin-a").locator(".name").click();
        film(1);

        button("Cut its power").click();

        assertThat(page.locator("#toast")).containsText("After 25 s of silence its grace begins");
        assertThat(row("berlin-a").locator(".chip").first())
                .hasText(
                        Pattern.compile("not heard, \\d+ s left"),
                        new LocatorAssertions.HasTextOptions().setTimeout(SILENCE));
        assertThat(row("berlin-a")).hasClass(Pattern.compile("\\bsilent\\b"));
        film(2);
        assertThat(page.locator("#why .facts .late"))
                .containsText(
                        "its grace begins at 25 s", new LocatorAssertions.ContainsTextOptions().setTimeout(SILENCE));
        assertThat(row("berlin-a").locator(".chip").first())
                .containsText("in grace", new LocatorAssertions.ContainsTextOptions().setTimeout(SILENCE));
        film(3);
        assertThat(row("berlin-b", "10.20.0.0/16").locator(".chip")).hasText("primary");
        assertThat(row("berlin-a").locator(".chip").first()).hasText("offline");
        film(4);
        page.locator("#all-events").check();
        assertThat(page.locator("#events li")
                        .filter(new Locator.FilterOptions().setHasText("berlin-a is in its grace")))
                .containsText("fell silent");
        row("berlin-b", "10.20.0.0/16").locator(".plain").click();
        assertThat(page.locator("#why .past li").first())
                .containsText(Pattern.compile(
                        "berlin-a was last heard at .*; silent for 25 s; grace of 2 s until .*; then "));
        film(5);
    }

    /** A browser breaks lines after hyphens, which times have. */
    @Test
    void aTimeInAReasonStaysOnOneLine() {
        page.setViewportSize(340, 800);
        row("berlin-a", "10.20.0.0/16").locator(".plain").click();

        Locator times = page.locator("#why .reason time");
        assertThat(times.first()).containsText(Pattern.compile("^20[0-9-]+T[0-9:.]+Z$"));
        for (Locator time : times.all()) {
            assertThat(time.evaluate("time => time.getClientRects().length")).isEqualTo(1);
        }
    }

    /** One picture of the film strip in the README. */
    private void film(int number) {
        if (!SCREENSHOTS.isEmpty()) {
            page.locator("#why .past, #why .facts").last().evaluate("past => past.scrollIntoView({ block: 'end' })");
            page.locator(number == 5 ? "#detail" : "#picture-panel")
                    .screenshot(new Locator.ScreenshotOptions()
                            .setPath(Path.of(SCREENSHOTS, "failover-" + number + ".png")));
        }
    }

    /** A process of its own, which is killed: its connection breaks without a message. */
    @Test
    void aRouterThatIsKilledIsReplacedByItsStandby() throws IOException {
        AgentProcess first = agent("rome-a");
        assertThat(row("rome-a", "10.20.9.0/24").locator(".chip")).hasText("primary");
        agent("rome-b");
        assertThat(row("rome-b", "10.20.9.0/24").locator(".chip")).hasText("standby");

        first.kill();

        assertThat(row("rome-b", "10.20.9.0/24").locator(".chip")).hasText("primary");
        assertThat(row("rome-a").locator(".chip").first()).hasText("offline");
        assertThat(page.locator("#events")).containsText("10.20.9.0/24 moves from rome-a to rome-b");
    }

    @CanIgnoreReturnValue
    private AgentProcess agent(String name) throws IOException {
        AgentProcess agent = new AgentProcess(
                server.url(),
                server.operator,
                folder.resolve("agents.log"),
                "--tag",
                "tag:router",
                "--advertise",
                "10.20.9.0/24",
                "--name",
                name);
        agents.add(agent);
        return agent;
    }

    @Test
    void aPrefixThatItsLastCarrierKeepsIsSaidToBeKept() {
        submit(new Command.SetSettings(server.plane.state().settings().toBuilder()
                .offline(OfflineRule.KEEP_LAST)
                .grace(Duration.ofSeconds(1))
                .build()));
        for (String router : List.of("london", "paris")) {
            row(router).locator(".name").click();
            button("Shut it down").click();
        }

        assertThat(page.locator(".picture .item[data-key='prefix 10.40.0.0/16'] .sub"))
                .hasText("kept: no candidate");
        assertThat(page.locator("#nodes .route .chip[data-tone='kept']")).hasText("kept");
        assertThat(page.locator(".picture path.kept")).hasCount(1);
    }

    @Test
    void aDrainedRouterThatIsOfflineHasNoLineOfAStandby() {
        button("Drain berlin-b").click();
        row("berlin-b").locator(".name").click();
        button("Shut it down").click();
        assertThat(row("berlin-b").locator(".chip").first()).hasText("offline");

        page.locator(".picture .item[data-key='prefix 10.20.0.0/16']").hover();

        assertThat(page.locator(".picture path.line.strong.primary")).hasCount(1);
        assertThat(page.locator(".picture path.line.strong.down")).hasCount(1);
        assertThat(page.locator(".picture path.line.strong.standby")).hasCount(0);
    }

    @Test
    void aLongColumnSaysHowMuchMoreThereIsAndShowsWhatMatters() {
        List<Command> commands = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            NodeId id = new NodeId(100 + i);
            List<Prefix> prefixes = List.of(Prefix.parse("10.90." + i + ".0/24"));
            commands.add(new Command.RegisterNode(Node.builder(id, "site-" + i, Owner.tags("tag:router"))
                    .hostKey("site-" + i)
                    .build()));
            commands.add(new Command.AdvertiseRoutes(id, prefixes));
            commands.add(new Command.ConnectSession(id, new SessionId("s")));
            if (i < 60) {
                commands.add(new Command.SetApprovedRoutes(id, prefixes));
            }
        }
        // the last but one has a standby
        List<Prefix> two = List.of(Prefix.parse("10.90.58.0/24"), Prefix.parse("10.90.59.0/24"));
        commands.add(new Command.AdvertiseRoutes(new NodeId(159), two));
        commands.add(new Command.SetApprovedRoutes(new NodeId(159), two));
        submit(commands.toArray(Command[]::new));
        assertThat(page.locator(".picture .item[data-key='prefix 10.90.60.0/24']"))
                .hasCount(1);

        Locator items = page.locator(".picture .item");
        Locator more = page.locator(".picture .item[data-key^='more']");
        assertThat(more).hasCount(2);
        int prefixes = server.plane.state().nodes().values().stream()
                .flatMap(node -> node.advertised().stream().filter(prefix -> !prefix.isExitRoute()))
                .collect(Collectors.toSet())
                .size();
        // the internet is one more, 23 are shown
        assertThat(more.last().locator(".name")).hasText("and " + (prefixes + 1 - 23) + " more");
        // it waits
        assertThat(items.and(page.locator("[data-key='prefix 10.90.60.0/24']"))).hasCount(1);
        assertThat(items.and(page.locator("[data-key='prefix 10.90.57.0/24']"))).hasCount(0);
        page.locator("#filter").fill("site-57");
        row("site-57", "10.90.57.0/24").locator(".plain").click();
        // it is chosen, and who carries it
        assertThat(items.and(page.locator("[data-key='prefix 10.90.57.0/24'], [data-key='node 157']")))
                .hasCount(2);

        assertThat(items.and(page.locator("[data-key='prefix 10.90.58.0/24']"))).hasCount(0);
        page.locator("#filter").fill("site-58");
        button("Drain site-58").click();
        // it moved, from one to the other
        assertThat(items.and(page.locator(
                        "[data-key='prefix 10.90.58.0/24'], [data-key='node 158'], [data-key='node 159']")))
                .hasCount(3);

        more.last().click();
        assertThat(page.locator("#filter")).isFocused();
    }

    @Test
    void whatIsChosenStandsOutInThePicture() {
        row("berlin-b", "10.20.0.0/16").locator(".plain").click();
        page.waitForFunction("""
                        () => { const box = \
                        document.querySelector(".picture .item[data-key='prefix 10.20.0.0/16'] .body"); \
                        return box !== null && getComputedStyle(box).strokeWidth === '1.5px'; }""");
    }

    @Test
    void thePictureMovesTheLineToTheNewPrimary() {
        page.waitForFunction("() => document.querySelectorAll('.picture path.primary').length > 0");
        String line = "() => [...document.querySelectorAll('.picture path.primary')].map(p => "
                + "p.getAttribute('d')).sort().join()";
        Object before = page.evaluate(line);

        button("Drain berlin-a").click();

        assertThat(row("berlin-b", "10.20.0.0/16").locator(".chip")).hasText("primary");
        page.waitForFunction("before => " + line.substring(6) + " !== before", before);
    }

    @Test
    void aDrainThatLeavesAPrefixAsksFirst() {
        button("Drain london").click();
        row("paris").locator(".name").click();
        assertThat(row("london").locator(".chip").last()).hasText("draining");

        button("Drain paris").click();

        assertThat(page.locator("#ask")).isVisible();
        assertThat(page.locator("#ask-list")).containsText("paris is draining");
        assertThat(page.locator("#ask-list")).containsText("10.40.0.0/16 stays on paris");
        photograph("drain");
        button("Cancel").click();
        assertThat(row("paris").locator(".chip")).hasCount(1);
        button("Drain paris").click();
        button("Drain anyway").click();
        assertThat(row("paris").locator(".chip").last()).hasText("draining");
    }

    @Test
    void aProblemOfThePolicyIsMarkedAtItsPlaceAndChangesNothing() {
        page.locator("#tab-policy").click();
        Locator text = page.locator("#policy-text");
        assertThat(text).hasValue(Pattern.compile("autoApprovers"));
        String policy = text.inputValue();
        String mark = "\"tag:nobody\"";
        String wrong = policy.replaceFirst("""
                "tag:router"]""", mark + "]");

        text.fill(wrong);

        assertThat(page.locator("#policy-marks mark").first()).hasText(mark);
        long line = wrong.substring(0, wrong.indexOf(mark)).lines().count();
        assertThat(page.locator("#policy-problems .place").first()).hasText(Pattern.compile("^" + line + ":\\d+$"));
        assertThat(page.locator("#policy-save")).isDisabled();

        page.locator("#policy-problems button").first().click();
        assertThat(text).isFocused();
        assertThat(page.evaluate("() => { const t = document.getElementById('policy-text');"
                        + " return t.value.slice(t.selectionStart, t.selectionEnd); }"))
                .isEqualTo(mark);

        text.fill(policy.replaceFirst("\\{", """
                        {
                          // where the intranet is
                          "hosts": {"intranet": "10.20.1.80"},"""));
        assertThat(page.locator("#policy-status")).hasText("No problems. Not in force yet.");
        page.locator("#policy-save").click();
        assertThat(page.locator("#policy-status")).hasText("In force.");
        assertThat(page.locator("#events li").first()).containsText("policy");
    }

    @Test
    void findingsSayWhatToDoAndLeadToTheirLine() {
        page.locator("#tab-findings").click();
        Locator finding = page.locator("#findings-list li").first();
        assertThat(finding.locator(".head")).containsText("via-single-router");
        assertThat(finding.locator(".advice")).hasText("give a second router the tag and the routes");
        photograph("findings");

        finding.locator("button").click();

        assertThat(page.locator("#policy-text")).isFocused();
        assertThat(page.evaluate("() => { const t = document.getElementById('policy-text');"
                                + " return t.value.slice(t.selectionStart, t.selectionEnd); }")
                        .toString())
                .contains("tag:site-");
    }

    @Test
    void aPolicyThatTakesRoutesAwayIsShownAndAskedAbout() {
        page.locator("#tab-policy").click();
        Locator text = page.locator("#policy-text");
        assertThat(text).hasValue(Pattern.compile("autoApprovers"));
        String policy = text.inputValue();

        text.fill("""
                {"acls": []}""");

        assertThat(page.locator("#policy-plan p")).containsText("lose");
        assertThat(page.locator("#policy-plan .lost").first()).containsText("because");
        photograph("policy-plan");
        page.locator("#policy-save").click();
        assertThat(page.locator("#ask")).isVisible();
        assertThat(page.locator("#ask-list li").first()).containsText("lose");
        photograph("policy-ask");
        page.keyboard().press("Escape");
        assertThat(page.locator("#policy-status")).hasText("No problems. Not in force yet.");
        page.locator("#policy-save").click();
        button("Put in force anyway").click();
        assertThat(page.locator("#policy-status")).hasText("In force.");
        text.fill(policy);
        page.locator("#policy-save").click();
        assertThat(page.locator("#policy-status")).hasText("In force.");
    }

    @Test
    void aNoticeOfThePolicyIsMarkedAtItsPlaceAndThePolicyCanBePutInForce() {
        page.locator("#tab-policy").click();
        Locator text = page.locator("#policy-text");
        assertThat(text).hasValue(Pattern.compile("autoApprovers"));
        String mark = "\"10.20.1.80/24\"";
        String policy = text.inputValue().replaceFirst("\\{", """
                        {
                          // where the intranet is
                          "hosts": {"intranet": %s},""".formatted(mark));
        long line = policy.substring(0, policy.indexOf(mark)).lines().count();

        text.fill(policy);

        assertThat(page.locator("#policy-status")).hasText("No problems, and 1 notice. Not in force yet.");
        assertThat(page.locator("#policy-marks mark.notice")).hasText(mark);
        // or the mark would lie beside its text
        assertThat(page.locator("#policy-marks mark.notice")).hasCSS("padding", "0px");
        assertThat(page.locator("#policy-gutter .noticed")).containsText(String.valueOf(line));
        assertThat(page.locator("#policy-problems .notice .place")).hasText(Pattern.compile("^" + line + ":\\d+$"));
        page.locator("#policy-problems .notice button").click();
        assertThat(text).isFocused();
        photograph("policy-notices");

        page.locator("#policy-save").click();

        assertThat(page.locator("#policy-status")).hasText("In force, with 1 notice.");
        page.reload();
        page.locator("#tab-policy").click();
        assertThat(page.locator("#policy-marks mark.notice")).hasText(mark);
        assertThat(page.locator("#policy-status")).hasText("In force, with 1 notice.");
    }

    @Test
    void aNameIsNeverMarkup() {
        NodeId id = new NodeId(99);
        Prefix prefix = Prefix.parse("10.66.0.0/16");
        String name = "<img src=x onerror=alert(1)><b>bold</b>";
        var ignored = server.plane.submit(
                RunningServer.TEST,
                new Command.RegisterNode(Node.builder(id, name, Owner.tags("tag:router"))
                        .hostKey("evil")
                        .build()),
                new Command.AdvertiseRoutes(id, List.of(prefix)),
                new Command.ConnectSession(id, new SessionId("evil")));

        assertThat(row(name)).isVisible();
        row(name).locator(".name").click();
        assertThat(page.locator("#why h3")).hasText(name);
        assertThat(page.locator("img")).hasCount(0);
        assertThat(page.locator("b").getByText("bold")).hasCount(0);
    }

    /** Presses Tab until a control with a name is in focus, as an operator does who has no pointer. */
    private void tabTo(String name) {
        List<Object> passed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            page.keyboard().press("Tab");
            Object focused = page.evaluate(IN_FOCUS);
            if (name.equals(focused)) {
                return;
            }
            passed.add(focused);
        }
        throw new AssertionError("Tab never leads to " + name + ", only to " + passed);
    }

    /** Presses an arrow key until a control with a name is in focus. */
    private void arrowTo(String key, String name) {
        for (int i = 0; i < 100 && !name.equals(page.evaluate(IN_FOCUS)); i++) {
            page.keyboard().press(key);
        }
        assertThat(page.evaluate(IN_FOCUS)).as("where " + key + " leads").isEqualTo(name);
    }

    @Test
    void aGroupOfControlsIsOneStopOfTheTabKey() {
        assertThat(row("paris")).isVisible();
        button("berlin-a").click();
        assertThat(page.locator("#why .facts")).isVisible();

        for (String group : List.of("#nodes", "#why", "#events", ".picture svg")) {
            assertThat(page.locator(group + " [tabindex='0']")).hasCount(1);
            assertThat(page.locator(group + " button:not([tabindex]):visible")).hasCount(0);
        }
    }

    private static final String IN_FOCUS =
            "() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? e.textContent.trim(); }";

    private String focusedItem() {
        return String.valueOf(page.evaluate("() => document.activeElement.dataset.key"));
    }

    @Test
    void thePictureIsWalkedWithTheArrows() {
        assertThat(page.locator(".picture .item").first()).isVisible();
        while (!String.valueOf(page.evaluate("() => document.activeElement.classList.contains('item')"))
                .equals("true")) {
            page.keyboard().press("Tab");
        }
        assertThat(focusedItem()).startsWith("viewers ");
        page.keyboard().press("ArrowRight");
        assertThat(focusedItem()).startsWith("node ");
        page.keyboard().press("ArrowRight");
        String prefix = focusedItem();
        assertThat(prefix).startsWith("prefix ");
        page.keyboard().press("ArrowDown");
        assertThat(focusedItem()).startsWith("prefix ").isNotEqualTo(prefix);
        page.keyboard().press("ArrowUp");
        assertThat(focusedItem()).isEqualTo(prefix);

        page.keyboard().press("Enter");

        assertThat(page.locator("#why h3")).containsText(prefix.substring("prefix ".length()));
        assertThat(page.locator(".picture .item[aria-pressed='true']")).isFocused();
    }

    @Test
    void eachPanelHasALinkThatSkipsToIt() {
        for (String panel : List.of("picture-panel", "routes", "detail", "time-panel")) {
            page.locator(".skip[href='#" + panel + "']").focus();
            page.keyboard().press("Enter");
            assertThat(page.locator("#" + panel)).isFocused();
        }
        assertThat(page.locator("#connection-words")).hasText("live");
    }

    @Test
    void anOperatorWithoutAPointerApprovesDrainsAndEditsThePolicy() {
        assertThat(row("berlin-b", "10.28.0.0/16")).isVisible();
        tabTo("Nodes with subnet routes");
        arrowTo("ArrowRight", "Approve 10.28.0.0/16 on berlin-b");
        page.keyboard().press("Enter");
        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("primary");
        assertThat(page.evaluate(IN_FOCUS)).as("the focus stays").isEqualTo("Revoke 10.28.0.0/16 on berlin-b");

        arrowTo("ArrowDown", "Drain london");
        page.keyboard().press("Space");
        assertThat(row("london").locator(".chip").last()).hasText("draining");
        arrowTo("ArrowDown", "Drain paris");
        page.keyboard().press("Enter");
        assertThat(page.locator("#ask")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("#ask")).isHidden();
        assertThat(page.evaluate(IN_FOCUS)).as("where the question was asked").isEqualTo("Drain paris");
        page.keyboard().press("Enter");
        assertThat(page.locator("#ask")).isVisible();
        tabTo("Drain anyway");
        page.keyboard().press("Enter");
        assertThat(row("paris").locator(".chip").last()).hasText("draining");

        tabTo("Why");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-findings")).isFocused();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-policy")).isFocused();
        tabTo("Policy, JSON with comments");
        page.keyboard().press("ControlOrMeta+End");
        page.keyboard().type("// seen\n");
        assertThat(page.locator("#policy-status")).hasText("No problems. Not in force yet.");
        tabTo("Undo changes");
        arrowTo("ArrowRight", "Put in force");
        page.keyboard().press("Enter");
        assertThat(page.locator("#policy-status")).hasText("In force.");

        tabTo("Filter nodes and routes");
        page.keyboard().type("paris");
        assertThat(page.locator("#nodes tbody.block")).hasCount(1);
    }

    @Test
    void aNarrowScreenScrollsOneWayOnly() {
        for (int width : new int[] {320, 390, 768, 1024, 1440}) {
            page.setViewportSize(width, 800);
            assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
                    .as("width of the page on a screen of " + width)
                    .isEqualTo(width);
        }
    }

    @Test
    void aNarrowScreenBreaksNoPrefixOfTheSample() {
        page.setViewportSize(390, 800);
        assertThat(row("berlin-b", "10.28.0.0/16")).isVisible();
        assertThat(page.evaluate("""
                        () => {
                          const lines = (element) => {
                            const range = document.createRange();
                            range.selectNodeContents(element);
                            return new Set([...range.getClientRects()].map((box) => box.top)).size;
                          };
                          return [...document.querySelectorAll('tr.route .plain')].filter((prefix) => lines(prefix) > \
                        1).map((prefix) => prefix.textContent);
                        }""")).isEqualTo(List.of());
    }

    /** WCAG 2.1 AA: 4.5 to 1 for text, in both schemes. */
    @Test
    void textStandsOutFromItsBackground() {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            open(new Browser.NewContextOptions().setColorScheme(scheme).setReducedMotion(ReducedMotion.REDUCE));
            row("berlin-b", "10.28.0.0/16").locator(".plain").click();
            assertThat(page.locator("#why .ladder")).isVisible();
            assertThat(page.evaluate(CONTRAST))
                    .as("texts of too little contrast, " + scheme)
                    .isEqualTo(List.of());
        }
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "LIGHT, 390", "DARK, 1280", "DARK, 390"})
    void anAuditOfAccessibilityFindsNothing(ColorScheme scheme, int width) throws IOException {
        openAudited(scheme, width);
        assertThat(row("berlin-b", "10.28.0.0/16")).isVisible();
        audit("at rest, with the overview");
        row("berlin-b", "10.28.0.0/16").locator(".plain").click();
        assertThat(page.locator("#why .ladder")).isVisible();
        audit("with an explanation");
        row("berlin-a").locator(".name").click();
        assertThat(page.locator("#why .facts")).isVisible();
        audit("with a node");
        button("Revoke 10.40.0.0/16 on london").click();
        assertThat(page.locator("#ask")).isVisible();
        audit("with a question");
        page.keyboard().press("Escape");
        submit(new Command.ApproveRoutes(new NodeId(2), List.of(Prefix.parse("10.28.0.0/16"))));
        submit(new Command.RevokeRoutes(new NodeId(2), List.of(Prefix.parse("10.28.0.0/16"))));
        page.locator("#figures button").getByText("not served").click();
        assertThat(page.locator("#why h4").first()).hasText("Not served: 1 subnet");
        audit("with a lost network");
        page.locator("#tab-policy").click();
        page.locator("#policy-text").fill("""
                        {"acls": [{"action": "accept", "src": ["group:x"], "dst": ["*:*"]}]}""");
        assertThat(page.locator("#policy-problems li")).hasCount(1);
        audit("with a problem of the policy");
    }

    private static final String CONTRAST = """
            () => {
              const parse = (c) => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
              const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
              const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
              const ground = (e) => { for (; e; e = e.parentElement) { const c = \
            parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
              // a text in a picture stands on the box of its item
              const painted = (e) => {
                if (e.closest('svg') === null) return [getComputedStyle(e).color, ground(e)];
                const box = e.closest('.item')?.querySelector('.body');
                return [getComputedStyle(e).fill, box ? parse(getComputedStyle(box).fill) : ground(e)];
              };
              const found = [];
              for (const e of document.querySelectorAll('body *')) {
                const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '');
                if (!own || e.matches('title') || e.closest('.unseen, script, noscript, #policy-marks, \
            :disabled') || !e.checkVisibility()) continue;
                const [colour, under] = painted(e);
                const [a, b] = [light(parse(colour)), light(under)].sort((x, y) => y - x);
                const ratio = (a + 0.05) / (b + 0.05);
                if (ratio < 4.5) found.push(`${e.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
              }
              return found;
            }
            """;

    @Test
    void theScreenshotsOfTheReadmeShowAFailover() {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            open(new Browser.NewContextOptions()
                    .setColorScheme(scheme)
                    .setReducedMotion(ReducedMotion.REDUCE)
                    .setViewportSize(1280, 800));
            if (scheme == ColorScheme.LIGHT) {
                row("berlin-a").locator(".name").click();
                button("Shut it down").click();
                assertThat(row("berlin-b", "10.20.0.0/16").locator(".chip")).hasText("primary");
            }
            row("berlin-b", "10.20.0.0/16").locator(".plain").click();
            assertThat(page.locator("#why .past li").first()).containsText("the only candidate");
            page.locator("#toast").evaluate("toast => toast.hidden = true");
            photograph("page-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
        }
    }
}
