package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterCommandTest {

    @TempDir
    Path folder;

    private static String filter(String file, String node, String... format) {
        Run run = format.length == 0
                ? Run.of("filter", "--case", file, "--node", node)
                : Run.of("filter", "--case", file, "--node", node, "--output", format[0]);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    @Test
    void theTableListsWhoMaySendWhatWhereTo() {
        assertThat(filter(Run.SAMPLE, "berlin-b")).isEqualTo("""
                        From              | To           | Ports   | Protocol
                        100.64.0.7        | 10.20.1.80   | 80, 443 | tcp
                        100.64.0.8        |              |         |
                        100.64.0.9        |              |         |
                        fd7a:115c:a1e0::7 |              |         |
                        fd7a:115c:a1e0::8 |              |         |
                        fd7a:115c:a1e0::9 |              |         |
                        100.64.0.7        | 10.20.0.0/16 | *       | tcp, udp, icmp
                        fd7a:115c:a1e0::7 |              |         |
                        """);
    }

    @Test
    void theCommandSaysThatNothingIsLetIn() {
        assertThat(filter(Run.SAMPLE, "lab-pi"))
                .startsWith("lab-pi ")
                .contains("nothing")
                .hasLineCount(1);
        assertThat(filter(Run.SAMPLE, "lab-pi", "json")).isEqualTo("[]\n");
    }

    @Test
    void eachRuleNamesTheEntriesOfThePolicyBehindIt() {
        String entry = "grants[0], line 45 (group:staff → intranet tcp:80, tcp:443)";
        Run text = Run.of("filter", "--case", Run.SAMPLE, "--node", "berlin-b", "--why");
        assertThat(text.out().lines().filter(line -> line.contains("10.20.1.80")))
                .singleElement()
                .asString()
                .endsWith("| " + entry);
        Run json = Run.of("filter", "--case", Run.SAMPLE, "--node", "berlin-b", "--why", "--output", "json");
        assertThat(json.out()).contains("""
                "Why": [
                      "%s"
                    ]""".formatted(entry));
    }

    @Test
    void eachDestinationNamesItsEntriesWhereTheyDiffer() {
        String file = Run.file(folder, "case.json", ViewCommandTest.EXIT_BY_FAMILY);
        Run text = Run.of("filter", "--case", file, "--node", "exit", "--why");
        assertThat(text.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "100.64.0.1 | 0.0.0.0/0 | * | tcp, udp, icmp | acls[0], line 2 (eve@ → 0.0.0.0/0:*)",
                        "fd7a:115c:a1e0::1 | ::/0 | * | | acls[1], line 3 (eve@ → all-of-ipv6:*)");
        Run json = Run.of("filter", "--case", file, "--node", "exit", "--why", "--output", "json");
        assertThat(json.out().replaceAll("\\s", "")).contains("""
                "IP":"0.0.0.0/0","Ports":{"First":0,"Last":65535},"Why":["acls[0],line2(eve@→0.0.0.0/0:*)"]
                "IP":"::/0","Ports":{"First":0,"Last":65535},"Why":["acls[1],line3(eve@→all-of-ipv6:*)"]
                """.lines().toList());
    }

    @Test
    void theJsonHasTheFilterRulesOfTheNetmap() {
        assertThat(filter(Run.SAMPLE, "porto", "json")).endsWith("""
                          {
                            "SrcIPs": [
                              "100.64.0.9",
                              "fd7a:115c:a1e0::9"
                            ],
                            "DstPorts": [
                              {
                                "IP": "fd7a:115c:a1e0:b1a:0:8:c0a8:100/120",
                                "Ports": {
                                  "First": 8443,
                                  "Last": 8443
                                }
                              }
                            ],
                            "IPProto": [
                              6
                            ]
                          }
                        ]
                        """);
    }

    @Test
    void capabilitiesAreWrittenAsThePolicyHasThem() {
        String file = Run.file(folder, "case.json", """
                {"policy": {"tagOwners": {"tag:a": []},
                            "grants": [{"src": ["*"], "dst": ["tag:a"],
                                        "app": {"example.com/cap/x": [{"role": "admin"}]}}]},
                 "nodes": [{"id": 1, "name": "a", "tags": ["tag:a"], "ipv4": "100.64.0.1"}]}
                """);
        assertThat(filter(file, "a")).contains("100.64.0.1/32", "no traffic: example.com/cap/x");
        assertThat(filter(file, "a", "json").replaceAll("\\s", "")).contains("""
                "CapGrant":[{"Dsts":["100.64.0.1/32"],"CapMap":{"example.com/cap/x":[{"role":"admin"}]}}]""");
    }
}
