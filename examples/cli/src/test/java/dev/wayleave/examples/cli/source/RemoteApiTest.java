package dev.wayleave.examples.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.examples.cli.RawServer;
import dev.wayleave.examples.cli.source.RemoteApi.Limits;
import dev.wayleave.examples.cli.text.BadInput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are slow, broken, paged, or that refuse: one line that reports it, in bounded time, without the key. */
class RemoteApiTest {

    private static final String NEXT = "Link: <%s>; rel=\"next\"";
    private static final String KEY = "hskey-api-very-secret";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Thing(String id) {}

    private RemoteApi api(Limits limits) {
        return new RemoteApi(server.url(), "Headscale", KEY, "Bearer " + KEY, limits);
    }

    private List<Thing> things() {
        return api(Limits.of(LONG)).list("api/things", "things", Thing.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(this::things)
                .isInstanceOf(BadInput.class)
                .hasMessageNotContaining(KEY)
                .hasMessageNotContaining("\n");
    }

    @Test
    void itShowsItsKeyInTheHeaderAlone() {
        server.on("/api/things", """
                {"things": [{"id": "1"}]}""");
        assertThat(things()).containsExactly(new Thing("1"));
        assertThat(server.asked())
                .singleElement()
                .asString()
                .startsWith("GET /api/things HTTP/1.1")
                .containsOnlyOnce(KEY)
                .contains("Authorization: Bearer " + KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", """
            HTTP/1.1 200 OK\r
            Content-Length: 100\r
            \r
            {"things": ["""})
    void aServerThatFallsSilentIsGivenUp(String begun) {
        server.raw("/api/things", begun, true);
        assertThatThrownBy(() -> api(Limits.of(SHORT)).list("api/things", "things", Thing.class))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("/api/things")
                .hasMessageContaining("--timeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                        HTTP/1.1 200 OK\r
                        Content-Length: 100\r
                        \r
                        {"things": [""",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"thi\r\n",
                "HTTP/1.1 200 OK\r\nContent-"
            })
    void anAnswerThatBreaksOffIsNotTakenForAll(String begun) {
        server.raw("/api/things", begun, false);
        assertRefused().hasMessageContaining("broke off");
    }

    @Test
    void halfADocumentIsRefused() {
        server.on("/api/things", """
                {"things": [{"id": "1"}""");
        assertRefused().hasMessageContaining("complete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Sign in</html>", "{}", "{\"things\": {}}", "[]", "", "null", """
            {"things": [{"id": 7}]}"""})
    void anotherDocumentIsNotReadAsAnEmptyTailnet(String body) {
        server.on("/api/things", body);
        assertRefused().hasMessageContaining("/api/things");
    }

    @Test
    void aWrongElementIsNamedByItsPlace() {
        server.on("/api/things", """
                {"things": [{"id": "1"}, {"id": true}]}""");
        assertRefused().hasMessageContaining("things[1]: `id`: ");
    }

    @ParameterizedTest
    @CsvSource({
        "401, key",
        "403, may not read `api/things`",
        "404, 404",
        "429, 7 s",
        "500, 500",
        "502, 502",
        "302, elsewhere"
    })
    void eachStatusSaysWhatIsWrong(int status, String said) {
        server.on("/api/things", status, "{}", "Retry-After: 7", "Location: http://elsewhere.example/");
        assertRefused().hasMessageContaining(said);
        assertThat(server.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"detail", "message", "error"})
    void theServersOwnWordsAreRepeatedWithoutTheKey(String member) {
        server.on("/api/things", 500, """
                {"%s": "no node \\u001b[31m for Bearer %s"}""".formatted(member, KEY));
        assertRefused().hasMessageContaining("no node").hasMessageNotContaining("\u001b");
    }

    @Test
    void aServerThatIsNotThereIsSaid() {
        server.close();
        assertRefused().hasMessageContaining("cannot be reached");
    }

    @Test
    void pagesAreReadToTheLast() {
        server.on("/api/things", 200, """
                {"things": [{"id": "1"}]}""", NEXT.formatted("/api/things?page=2")).on("/api/things?page=2", """
                {"things": [{"id": "2"}]}""");
        assertThat(things()).containsExactly(new Thing("1"), new Thing("2"));
    }

    @Test
    void pagesThatNeverEndAreGivenUp() {
        server.on("/api/things", 200, """
                {"things": []}""", NEXT.formatted("/api/things"));
        assertThatThrownBy(() -> api(new Limits(LONG, SHORT, 1 << 20)).list("api/things", "things", Thing.class))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("pages")
                .hasMessageContaining("--timeout");
    }

    @Test
    void anAnswerThatIsTooLargeIsRefused() {
        server.on("/api/things", """
                {"things": [%s]}""".formatted(" ".repeat(2 << 20)));
        assertTooLarge();
    }

    @Test
    void pagesThatTogetherAreTooLargeAreRefused() {
        String page = """
                {"things": [%s]}""".formatted(" ".repeat(600 << 10));
        server.on("/api/things", 200, page, NEXT.formatted("/api/things?page=2"))
                .on("/api/things?page=2", page);
        assertTooLarge();
    }

    private void assertTooLarge() {
        assertThatThrownBy(() -> api(new Limits(LONG, LONG, 1 << 20)).list("api/things", "things", Thing.class))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("/api/things`", "1 MiB");
    }

    @Test
    void pagesAtAnotherAddressAreNotGivenTheKey() throws IOException {
        try (RawServer other = new RawServer()) {
            server.on("/api/things", 200, """
                    {"things": []}""", NEXT.formatted(other.url() + "/api/things"));
            assertRefused().hasMessageContaining("at another address");
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void onePageOfSeveralIsNotShownAsAll() {
        server.on("/api/things", """
                {"things": [{"id": "1"}], "nextPageToken": "abc"}""");
        assertRefused().hasMessageContaining("`nextPageToken`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.com", "example.com", "http://", "http://ann:secret@example.com"})
    void anAddressThatIsNoneIsRefused(String url) {
        assertThatThrownBy(() -> new RemoteApi(url, "Headscale", KEY, "Bearer " + KEY, Limits.of(LONG)))
                .isInstanceOf(BadInput.class)
                .hasMessageNotContaining("secret@");
    }
}
