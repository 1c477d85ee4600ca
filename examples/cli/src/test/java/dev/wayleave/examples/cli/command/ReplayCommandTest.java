package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {

    private static final Path JOURNAL = Run.MODULE.resolve("sample/journal.jsonl");

    @TempDir
    Path folder;

    private static String replay(String... more) {
        List<String> args = new ArrayList<>(List.of("replay", JOURNAL.toString()));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray(new String[0]));
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    private static List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(JOURNAL));
    }

    private String refused(List<String> lines, String... more) {
        List<String> args =
                new ArrayList<>(List.of("replay", Run.file(folder, "journal.jsonl", String.join("\n", lines))));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray(new String[0]));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        return run.err();
    }

    @Test
    void eachEventIsPrintedWithTimeAndReason() {
        String printed = replay();
        Facts.assertLines(printed.lines().findFirst().orElseThrow(), "2026-01-05T08:00:00Z … example.com … 0 nodes");
        Facts.assertSomeLines(printed, """
                2026-01-05T08:00:11Z 10.20.0.0/16 … berlin-a … approved: … `10.0.0.0/8` … `tag:router` [control]
                2026-01-05T08:00:22Z 192.168.7.0/24 … berlin-b … waits …: … key … `autoApprovers.routes` … [control]
                2026-01-05T08:01:28Z … refused: … `9` … [ada]
                2026-01-05T08:01:37Z … drain … berlin-b ends [ada]
                2026-01-05T08:01:57Z berlin-a … grace … 2026-01-05T08:02:12Z: … session ended …
                2026-01-05T08:02:12Z berlin-a … offline: … grace … 2026-01-05T08:02:12Z
                2026-01-05T08:02:12Z 10.20.0.0/16 … from berlin-a to berlin-b: berlin-b … only candidate
                … session … silent: … 2026-01-05T08:00:42Z
                … berlin-b lost: … unhealthy … berlin-a … healthy [prober]
                """);
    }

    @Test
    void theCommandPrintsWhyAPolicyNoLongerNamesAUserOrANode() {
        String begin = """
                {"wayleaveJournal":3,"at":"2026-01-05T08:00:00Z","rows":{"users":[],"nodes":[],"routes":[],\
                "tailnet":{"tailnet":"t","policy":"{}","settings":%s}}}""".formatted(settings());
        String step = """
                {"at":"2026-01-05T08:0%d:00Z","submissions":[{"actor":"ada","commands":[%s]}]}""";
        String users = """
                {"kind":"set-users","users":[{"id":"7","name":"%s"}]}""";
        String node = """
                {"kind":"%s",\
                "facts":{"id":1,"name":"%s","registeredAt":"2026-01-05T08:00:00Z","tags":["tag:%s"]}}""";
        String file = Run.file(
                folder,
                "journal.jsonl",
                String.join(
                        "\n",
                        begin,
                        step.formatted(1, users.formatted("eve")),
                        step.formatted(2, node.formatted("register-node", "rome", "a")),
                        step.formatted(3, users.formatted("mallory")),
                        step.formatted(4, node.formatted("update-node", "milan", "b"))));

        Facts.assertSomeLines(Run.of("replay", file).out(), """
                2026-01-05T08:01:00Z … users …: added: `7` [ada]
                2026-01-05T08:03:00Z … users …: changed: `7` [ada]
                2026-01-05T08:04:00Z `rome` … `milan` [ada]
                2026-01-05T08:04:00Z milan … owner: … `tag:a` … `tag:b` … [ada]
                """);
    }

    /** Those of the sample, whatever members settings have. */
    private static String settings() {
        try {
            String first = lines().get(0);
            int start = first.indexOf("\"settings\":") + "\"settings\":".length();
            return first.substring(start, first.indexOf("}}", start) + 2);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void theReplayEndsWithTheRouteTable() {
        assertThat(replay()).endsWith("""

                        At 2026-01-05T08:03:12Z, after 16 steps

                        ID | Hostname   | State  | Approved     | Available      | Serving (Primary)
                        1  | berlin-a   | online | 10.20.0.0/16 | 10.20.0.0/16   | 10.20.0.0/16
                        2  | berlin-b   | online | 10.20.0.0/16 | 10.20.0.0/16   |
                           |            |        |              | 192.168.7.0/24 |
                        3  | ben-laptop | online |              | 10.20.0.0/16   |
                        """);
    }

    @Test
    void theReplayStopsAfterTheLastStepUntilATime() {
        assertThat(replay("--until", "2026-01-05T08:01:30Z"))
                .contains("2  | berlin-b   | online, draining | ")
                .contains("At 2026-01-05T08:01:28Z, after 10 steps")
                .doesNotContain("2026-01-05T08:01:37Z");
    }

    @Test
    void aRouteIsExplainedAtEveryNodeAndForAViewer() {
        Facts.assertSomeLines(replay("--explain", "10.20.0.0/16", "--viewer", "ben-laptop"), """
                10.20.0.0/16 at berlin-a (1, tag:router)
                10.20.0.0/16 at berlin-b (2, tag:router)
                … no approver … `10.0.0.0/8` … `autoApprovers.routes` …
                berlin-b (2) standby … unhealthy … berlin-a … healthy
                10.20.0.0/16 for ben-laptop … berlin-a
                berlin-a given acls[0], line 1 (…) … ben-laptop …; online
                berlin-b withheld berlin-a … primary; online; … unhealthy
                """);
    }

    @Test
    void theReplayPrintsTheDigestThatTheJournalHolds() throws IOException {
        String last = lines().get(lines().size() - 1);
        String digest = last.substring(last.indexOf(':') + 2, last.lastIndexOf('"'));

        assertThat(digest).matches("[0-9a-f]{64}");
        assertThat(replay("--digest")).endsWith("\ndigest " + digest + "\n");
    }

    @Test
    void jsonHoldsTheSame() {
        assertThat(replay("-o", "json", "-u", "2026-01-05T08:00:11Z", "-e", "10.20.0.0/16", "-w", "berlin-a", "-d"))
                .startsWith("""
                        {
                          "tailnet": "example.com",
                          "now": "2026-01-05T08:00:11Z",
                          "steps": 3,
                          "events": [
                            {
                              "at": "2026-01-05T08:00:00Z",
                              "kind": "begun",
                        """)
                .contains("""
                              "at": "2026-01-05T08:00:11Z",
                              "kind": "primary-elected",
                              "actor": "control",
                              "event": {
                                "kind": "primary-elected",
                                "origin": {
                                  "actor": "control"
                                },
                                "prefix": "10.20.0.0/16",
                        """, """
                        "subnetRoutes": [
                                "10.20.0.0/16"
                        """, "\"explanations\": [", "\"digest\": \"")
                .contains("""
                        "viewExplanation": {
                            "prefix": "10.20.0.0/16"\
                        """);
    }

    @Test
    void aStepOfTheClockIsPrinted() throws IOException {
        List<String> lines = lines();
        lines.remove(lines.size() - 1);
        lines.add("""
                {"at":"2026-01-05T07:03:13Z","submissions":[{"actor":"clock","commands":\
                [{"kind":"step-clock","by":"PT-1H"}]}]}""");
        Run run = Run.of("replay", Run.file(folder, "journal.jsonl", String.join("\n", lines)));
        assertThat(run.out())
                .containsPattern("(?m)^2026-01-05T07:03:13Z  .*clock .*-3600 s;")
                .contains("At 2026-01-05T07:03:13Z, after 17 steps");
    }

    @Test
    void aMalformedLineIsNamed() throws IOException {
        List<String> lines = lines();
        lines.set(3, lines.get(3).replace("\"node\":1", "\"node\":true"));
        assertThat(refused(lines)).contains("journal.jsonl: line 4.submissions[0].commands[0]", "whole number");
        lines.set(2, lines.get(2).replace("register-node", "node-exploded"));
        assertThat(refused(lines)).contains("line 3", "`node-exploded` is unknown here");
        lines.remove(0);
        assertThat(refused(lines)).contains("line 1: ", "`wayleaveJournal`");
    }

    @Test
    void aJournalThatWasCutShortSaysSo() throws IOException {
        List<String> lines = lines().subList(0, 6);
        lines.set(5, lines.get(5).substring(0, 40));
        assertThat(refused(lines)).contains("line 6: ", "JSON", "cut short");
    }

    @Test
    void aJournalOfALaterFormatIsRefused() throws IOException {
        List<String> lines = lines();
        lines.set(0, lines.get(0).replace("\"wayleaveJournal\":3", """
                "wayleaveJournal":4,"later":true"""));
        assertThat(refused(lines)).containsSubsequence("line 1: ", "format `4`", "format 3");
    }

    @Test
    void aJournalThatWasChangedIsNoticed() throws IOException {
        List<String> lines = lines();
        lines.removeIf(line -> line.contains("\"unhealthy\""));
        assertThat(refused(lines)).contains("line 17: ", "digest");
    }

    @Test
    void aJournalOrAnOptionThatCannotBeReadIsRefused() throws IOException {
        assertThat(refused(List.of())).contains("empty");
        assertThat(refused(lines(), "--until", "noon")).contains("time", "`noon`");
        assertThat(refused(lines(), "--explain", "10.20.0.1/16")).contains("10.20.0.0/16");
        assertThat(refused(lines(), "--viewer", "berlin-a")).contains("`--explain`");
        assertThat(refused(lines(), "--viewer", "berlin", "--explain", "10.20.0.0/16"))
                .contains("node `berlin`", "`berlin-a`");
    }
}
