package dev.wayleave.examples.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.wayleave.command.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server, and its page in a browser: as an operator sees it who has the address that the server printed. */
abstract class BrowserTest {

    static final String SCREENSHOTS = System.getProperty("wayleave.screenshots", "");

    private static Playwright playwright;
    static Browser browser;

    private final List<String> complaints = new ArrayList<>();

    RunningServer server;
    BrowserContext context;
    Page page;

    @BeforeAll
    static void openBrowser() {
        // a broken connection is noticed within the heartbeat of the streams, and then comes the grace
        PlaywrightAssertions.setDefaultAssertionTimeout(15_000);
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
        fill();
        open(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(15_000);
    }

    /** Fills the tailnet: with the sample, unless a test has another one. */
    void fill() {
        server.demo.fillSample();
        server.demo.startSample();
    }

    void open(Browser.NewContextOptions options) {
        open(options, "");
    }

    /** Opens the page, with a script that it does not know. */
    void open(Browser.NewContextOptions options, String script) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(options.setLocale("en-GB"));
        context.addInitScript(script);
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
        assertThat(complaints)
                .as("what the browser complained about, such as a breach of the content policy")
                .isEmpty();
    }

    /** The row of a node, or of a route below it. */
    Locator row(String node) {
        return page.locator("tbody")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator("tr.node .name")
                                .getByText(node, new Locator.GetByTextOptions().setExact(true))))
                .locator("tr.node");
    }

    Locator row(String node, String prefix) {
        return row(node).locator("xpath=..").locator("tr.route").filter(new Locator.FilterOptions().setHasText(prefix));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A button of the list: the overview has some of the same names. */
    Locator inList(String name) {
        return page.locator("#nodes")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    void submit(Command... commands) {
        var ignored = server.plane.submit(RunningServer.TEST, commands);
    }

    /** Opens the page with the script that audits it. */
    void openAudited(ColorScheme scheme, int width) throws IOException {
        try (InputStream axe = Objects.requireNonNull(BrowserTest.class.getResourceAsStream("/axe.min.js"))) {
            open(
                    new Browser.NewContextOptions()
                            .setColorScheme(scheme)
                            .setReducedMotion(ReducedMotion.REDUCE)
                            .setViewportSize(width, 800),
                    new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** WCAG and best practices, as axe-core knows them. */
    void audit(String state) {
        assertThat(page.evaluate(AUDIT)).as(state).isEqualTo(List.of());
    }

    private static final String AUDIT = """
            () => axe.run().then(({ violations }) =>
              violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target} \
            ${node.failureSummary}`)))
            """;

    void photograph(String name) {
        if (!SCREENSHOTS.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(SCREENSHOTS, name + ".png")));
        }
    }
}
