package dev.wayleave.examples.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.wayleave.Command;
import dev.wayleave.SessionId;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.net.Prefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page as somebody sees it who has a browser and the address that the server printed. */
class PageInBrowser {

    private static final String SCREENSHOTS = System.getProperty("wayleave.screenshots", "");

    private static Playwright playwright;
    private static Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private RunningServer server;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void openBrowser() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("wayleave.chromium", "/usr/bin/chromium")))
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    static void closeBrowser() {
        playwright.close();
    }

    @BeforeEach
    void startServer() throws Exception {
        server = new RunningServer(Duration.ofSeconds(25), Duration.ofSeconds(2));
        Sample.fill(server.plane, server.clock);
        server.plane.startSample();
        open(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(15_000);
    }

    private void open(Browser.NewContextOptions options) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(options.setLocale("en-GB"));
        page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.navigate(server.url() + "/#key=" + server.operator);
        assertThat(page.locator("#connection-words")).hasText("live");
    }

    @AfterEach
    void stop() {
        context.close();
        server.close();
        assertThat(complaints).as("what the browser complained about, such as a breach of the content policy").isEmpty();
    }

    /** The row of a node, or of a route below it. */
    private Locator row(String node) {
        return page.locator("tbody")
                .filter(new Locator.FilterOptions().setHas(page.locator("tr.node .name").getByText(node, new Locator.GetByTextOptions().setExact(true))))
                .locator("tr.node");
    }

    private Locator row(String node, String prefix) {
        return row(node).locator("xpath=..").locator("tr.route").filter(new Locator.FilterOptions().setHasText(prefix));
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
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

        button("Approve 10.28.0.0/16 on berlin-b").click();

        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("primary");
        assertThat(page.locator("#events")).containsText("10.28.0.0/16");
        button("Revoke 10.28.0.0/16 on berlin-b").click();
        assertThat(row("berlin-b", "10.28.0.0/16").locator(".chip")).hasText("denied");
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
        assertThat(page.locator("#why .past li").first()).containsText("the only candidate");
        assertThat(page.locator("#why .ladder")).containsText("to ada-laptop");
    }

    @Test
    void thePictureMovesTheLineToTheNewPrimary() {
        page.waitForFunction("() => document.querySelectorAll('.picture path.primary').length > 0");
        String line = "() => [...document.querySelectorAll('.picture path.primary')].map(p => p.getAttribute('d')).sort().join()";
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
        assertThat(page.locator("#ask-list")).containsText("10.40.0.0/16");
        button("Leave it").click();
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
        String wrong = policy.replaceFirst("\"tag:router\"]", mark + "]");

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

        text.fill(policy.replaceFirst("\\{", "{\n  // where the intranet is\n  \"hosts\": {\"intranet\": \"10.20.1.80\"},"));
        assertThat(page.locator("#policy-status")).hasText("No problems. Not in force yet.");
        page.locator("#policy-save").click();
        assertThat(page.locator("#policy-status")).hasText("In force.");
        assertThat(page.locator("#events li").first()).containsText("policy");
    }

    @Test
    void aNameIsNeverMarkup() {
        NodeId id = new NodeId(99);
        Prefix prefix = Prefix.parse("10.66.0.0/16");
        String name = "<img src=x onerror=alert(1)><b>bold</b>";
        var ignored = server.plane.submit(
                RunningServer.TEST,
                new Command.NodeRegistered(Node.builder(id, name, Owner.tags("tag:router"))
                        .hostKey("evil")
                        .build()),
                new Command.RoutesAdvertised(id, List.of(prefix)),
                new Command.SessionConnected(id, new SessionId("evil")));

        assertThat(row(name)).isVisible();
        row(name).locator(".name").click();
        assertThat(page.locator("#why h3")).hasText(name);
        assertThat(page.locator("img")).hasCount(0);
        assertThat(page.locator("b").getByText("bold")).hasCount(0);
    }

    @Test
    void everythingCanBeReachedWithTheKeyboard() {
        Locator firstItem = page.locator(".picture .item[tabindex='0']");
        firstItem.focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator(".picture .item[data-key='node 1'], .picture .item[data-key='node 2']").locator("visible=true").first())
                .isVisible();
        page.keyboard().press("Enter");
        assertThat(page.locator("#why h3")).isVisible();
        assertThat(page.locator(".picture .item[aria-pressed='true']")).isFocused();
        page.locator("#tab-why").focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-policy")).isFocused();
        assertThat(page.locator("#policy")).isVisible();
        page.locator("#filter").fill("paris");
        assertThat(page.locator("#nodes tbody")).hasCount(1);
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

    /** WCAG 2.1 AA: 4.5 to 1 for text, in both schemes. */
    @Test
    void textStandsOutFromItsBackground() {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            open(new Browser.NewContextOptions().setColorScheme(scheme).setReducedMotion(ReducedMotion.REDUCE));
            row("berlin-b", "10.28.0.0/16").locator(".plain").click();
            assertThat(page.locator("#why .ladder")).isVisible();
            assertThat(page.evaluate(CONTRAST)).as("texts of too little contrast, " + scheme).isEqualTo(List.of());
        }
    }

    private static final String CONTRAST =
            """
            () => {
              const parse = (c) => { const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
              const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
              const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
              const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255]; };
              const found = [];
              for (const e of document.querySelectorAll('body *')) {
                const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '');
                if (!own || e.closest('svg, .unseen, script, noscript, #policy-marks, :disabled') || !e.checkVisibility()) continue;
                const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
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
            if (!SCREENSHOTS.isEmpty()) {
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(Path.of(SCREENSHOTS, "page-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png")));
            }
        }
    }
}
