package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(replay())
                .startsWith("2026-01-05T08:00:00Z  the journal of example.com begins with 0 nodes\n")
                .contains(
                        "08:00:11Z  10.20.0.0/16 on berlin-a is approved: by the policy: key `10.0.0.0/8`,"
                                + " approver `tag:router` [control]\n",
                        "08:00:22Z  192.168.7.0/24 on berlin-b waits for approval: no key of `autoApprovers.routes`"
                                + " covers it, and no administrator approved it [control]\n",
                        "08:01:28Z  a submission is refused: node `9` is unknown: register it first [ada]\n",
                        "08:01:37Z  the drain of berlin-b ends [ada]\n",
                        "08:01:57Z  berlin-a is in its grace until 2026-01-05T08:02:12Z: its session ended",
                        "08:02:12Z  berlin-a is offline: its grace ended at 2026-01-05T08:02:12Z\n",
                        "08:02:12Z  10.20.0.0/16 moves from berlin-a to berlin-b: berlin-b is the only candidate\n",
                        "its session fell silent: nothing was heard since 2026-01-05T08:00:42Z\n",
                        "berlin-b lost: it was reported unhealthy, while berlin-a is healthy [prober]\n");
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

        assertThat(Run.of("replay", file).out())
                .contains(
                        "08:01:00Z  the users changed: added: `7` [ada]\n",
                        "08:03:00Z  the users changed: changed: `7` [ada]\n",
                        "08:04:00Z  `rome` is renamed to `milan` [ada]\n",
                        "08:04:00Z  milan changed its owner: it belonged to `tag:a` before, and belongs to `tag:b` "
                                + "now [ada]\n");
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
        assertThat(replay("--explain", "10.20.0.0/16", "--viewer", "ben-laptop"))
                .contains(
                        "10.20.0.0/16 at berlin-a (1, tag:router)\n",
                        "10.20.0.0/16 at berlin-b (2, tag:router)\n",
                        "no approver under `10.0.0.0/8` in `autoApprovers.routes` names this node\n",
                        "  berlin-b (2)    standby       it was reported unhealthy, while berlin-a is healthy\n")
                .contains(
                        "10.20.0.0/16 for ben-laptop leads to berlin-a\n",
                        "  berlin-a    given     acls[0], line 1 (",
                        ") lets ben-laptop reach it there; online\n",
                        "  berlin-b    withheld  berlin-a carries it, the primary; online; "
                                + "it was reported unhealthy\n");
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
                .contains("2026-01-05T07:03:13Z  the host's clock was stepped by -3600 s;")
                .contains("At 2026-01-05T07:03:13Z, after 17 steps");
    }

    @Test
    void aMalformedLineIsNamed() throws IOException {
        List<String> lines = lines();
        lines.set(3, lines.get(3).replace("\"node\":1", "\"node\":true"));
        assertThat(refused(lines))
                .contains("journal.jsonl: line 4.submissions[0].commands[0]", "is not a whole number");
        lines.set(2, lines.get(2).replace("register-node", "node-exploded"));
        assertThat(refused(lines)).contains("line 3", "`node-exploded` is unknown here");
        lines.remove(0);
        assertThat(refused(lines)).contains("line 1: a journal begins with a line that has `wayleaveJournal`");
    }

    @Test
    void aJournalThatWasCutShortSaysSo() throws IOException {
        List<String> lines = lines().subList(0, 6);
        lines.set(5, lines.get(5).substring(0, 40));
        assertThat(refused(lines)).contains("line 6: no valid JSON", "cut short");
    }

    @Test
    void aJournalOfALaterFormatIsRefused() throws IOException {
        List<String> lines = lines();
        lines.set(0, lines.get(0).replace("\"wayleaveJournal\":3", """
                "wayleaveJournal":4,"later":true"""));
        assertThat(refused(lines)).contains("line 1: format `4` cannot be read: this version reads format 3");
    }

    @Test
    void aJournalThatWasChangedIsNoticed() throws IOException {
        List<String> lines = lines();
        lines.removeIf(line -> line.contains("\"unhealthy\""));
        assertThat(refused(lines)).contains("line 17: the state has the digest");
    }

    @Test
    void aJournalOrAnOptionThatCannotBeReadIsRefused() throws IOException {
        assertThat(refused(List.of())).contains("the journal is empty");
        assertThat(refused(lines(), "--until", "noon")).contains("`noon` is not a time");
        assertThat(refused(lines(), "--explain", "10.20.0.1/16")).contains("10.20.0.0/16");
        assertThat(refused(lines(), "--viewer", "berlin-a")).contains("name it with `--explain`");
        assertThat(refused(lines(), "--viewer", "berlin", "--explain", "10.20.0.0/16"))
                .contains("there is no node `berlin`", "`berlin-a`");
    }
}
