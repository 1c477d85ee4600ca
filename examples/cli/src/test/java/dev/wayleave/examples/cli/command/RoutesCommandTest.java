package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesCommandTest {

    @TempDir
    Path folder;

    @Test
    void theCommandPrintsTheTableThatTheReadmeShows() throws IOException {
        Run run = Run.of("routes", "--case", Run.SAMPLE);
        String readme = Files.readString(Run.MODULE.resolve("../../README.md")).replace("\r\n", "\n");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(readme).contains("<!-- output: run -->\n```text\n" + run.out() + "```\n");
    }

    @Test
    void theTableHasOnePrefixALine() {
        String file = Run.file(folder, "case.json", """
                {"policy": {},
                 "nodes": [{"id": 1, "name": "myrouter", "tags": ["tag:router"],
                            "advertised": ["192.168.0.0/24", "10.0.0.0/8"],
                            "approvedInitially": ["10.0.0.0/8", "192.168.0.0/24"]}]}
                """);
        assertThat(Run.of("routes", "--case", file).out()).isEqualTo("""
                        ID | Hostname | Approved       | Available      | Serving (Primary)
                        1  | myrouter | 10.0.0.0/8     | 10.0.0.0/8     | 10.0.0.0/8
                           |          | 192.168.0.0/24 | 192.168.0.0/24 | 192.168.0.0/24
                        """);
    }

    @Test
    void theTableLeavesOutNodesWithoutRoutesAndKeepsThoseThatWait() {
        String file = Run.file(folder, "case.json", """
                {"policy": {},
                 "nodes": [{"id": 12, "name": "waits", "tags": ["tag:a"], "approvedInitially": ["::/0"]},
                           {"id": 3, "name": "pending", "tags": ["tag:a"], "advertised": ["10.0.0.0/8"]},
                           {"id": 4, "name": "plain", "tags": ["tag:a"]}]}
                """);
        assertThat(Run.of("routes", "--case", file).out()).isEqualTo("""
                        ID | Hostname | Approved  | Available  | Serving (Primary)
                        3  | pending  |           | 10.0.0.0/8 |
                        12 | waits    | 0.0.0.0/0 |            |
                           |          | ::/0      |            |
                        """);
    }

    @Test
    void anOfflineNodeServesItsExitRoutesAndNothingElse() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"autoApprovers": {"routes": {"10.0.0.0/8": ["autogroup:tagged"]},
                                              "exitNode": ["autogroup:tagged"]}},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "online": false,
                            "advertised": ["10.0.0.0/8", "0.0.0.0/0", "::/0"]},
                           {"id": 2, "name": "b", "tags": ["tag:a"], "advertised": ["10.0.0.0/8"]}]}
                """);
        assertThat(Run.of("routes", "--case", file).out()).isEqualTo("""
                        ID | Hostname | Approved   | Available  | Serving (Primary)
                        1  | a        | 0.0.0.0/0  | 0.0.0.0/0  | 0.0.0.0/0
                           |          | 10.0.0.0/8 | 10.0.0.0/8 | ::/0
                           |          | ::/0       | ::/0       |
                        2  | b        | 10.0.0.0/8 | 10.0.0.0/8 | 10.0.0.0/8
                        """);
    }

    @Test
    void anUnhealthyNodeServesOnlyPrefixesWithoutAHealthyNode() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"autoApprovers": {"routes": {"10.0.0.0/8": ["autogroup:tagged"]}}},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "healthy": false,
                            "advertised": ["10.0.0.0/8", "10.1.0.0/16"]},
                           {"id": 2, "name": "b", "tags": ["tag:a"], "advertised": ["10.0.0.0/8"]}]}
                """);
        assertThat(Run.of("routes", "--case", file).out()).isEqualTo("""
                        ID | Hostname | Approved    | Available   | Serving (Primary)
                        1  | a        | 10.0.0.0/8  | 10.0.0.0/8  | 10.1.0.0/16
                           |          | 10.1.0.0/16 | 10.1.0.0/16 |
                        2  | b        | 10.0.0.0/8  | 10.0.0.0/8  | 10.0.0.0/8
                        """);
    }

    @Test
    void theJsonHasTextsForIdsAndNoNulls() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"autoApprovers": {"exitNode": ["ada@example.com"]}},
                 "users": [{"id": 5, "name": "ada", "email": "ada@example.com"}],
                 "nodes": [{"id": 1, "name": "desk", "user": "ada", "ipv4": "100.64.0.1", "ipv6": "fd7a:115c:a1e0::1",
                            "advertised": ["0.0.0.0/0", "::/0"]},
                           {"id": 2, "name": "pi", "tags": ["tag:b", "tag:a"], "online": false,
                            "advertised": ["10.0.0.0/8"]}]}
                """);
        assertThat(Run.of("routes", "--case", file, "--output", "json").out()).isEqualTo("""
                        [
                          {
                            "id": "1",
                            "name": "desk",
                            "givenName": "desk",
                            "user": {
                              "id": "5",
                              "name": "ada",
                              "email": "ada@example.com"
                            },
                            "tags": [],
                            "ipAddresses": [
                              "100.64.0.1",
                              "fd7a:115c:a1e0::1"
                            ],
                            "online": true,
                            "approvedRoutes": [
                              "0.0.0.0/0",
                              "::/0"
                            ],
                            "availableRoutes": [
                              "0.0.0.0/0",
                              "::/0"
                            ],
                            "subnetRoutes": [
                              "0.0.0.0/0",
                              "::/0"
                            ]
                          },
                          {
                            "id": "2",
                            "name": "pi",
                            "givenName": "pi",
                            "user": {
                              "name": "tagged-devices"
                            },
                            "tags": [
                              "tag:a",
                              "tag:b"
                            ],
                            "ipAddresses": [],
                            "online": false,
                            "approvedRoutes": [],
                            "availableRoutes": [
                              "10.0.0.0/8"
                            ],
                            "subnetRoutes": []
                          }
                        ]
                        """);
    }

    @Test
    void theJsonIsAnEmptyListWhereThereIsNoRoute() {
        String file = Run.file(folder, "case.json", """
                {"policy": {}, "nodes": []}""");
        assertThat(Run.of("routes", "--case", file, "-o", "JSON").out()).isEqualTo("[]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain berlin-a", "nodes approve-routes -i 1", "events"})
    void aFileIsOneMomentThatNothingChanges(String command) {
        Run.of((command + " --case " + Run.SAMPLE).split(" ")).assertRefused("file … --server … --db");
    }

    @Test
    void anUnknownFormatIsRefused() {
        Run run = Run.of("routes", "--case", Run.SAMPLE, "-o", "yaml");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--output", "table, json", "yaml").containsOnlyOnce("\n");
    }
}
