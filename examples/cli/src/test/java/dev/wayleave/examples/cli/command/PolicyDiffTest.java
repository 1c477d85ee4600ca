package dev.wayleave.examples.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.cli.Facts;
import dev.wayleave.examples.cli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two policies allow differently, for people and programs. */
class PolicyDiffTest {

    @TempDir
    Path folder;

    private String policy(String name, String... grants) {
        return Run.file(folder, name, """
                {
                  "groups": {"group:dev": ["ann@example.com", "bob@example.com"]},
                  "grants": [
                    %s
                  ],
                }
                """.formatted(String.join("\n    ", grants)));
    }

    private static String grant(String source, String ip) {
        return """
                {"src": ["%s"], "dst": ["10.0.0.0/8"], "ip": ["%s"]},""".formatted(source, ip);
    }

    @Test
    void lostAndGainedTrafficIsListedWithTheEntriesOfBothPolicies() {
        String before = policy("old.hujson", grant("group:dev", "tcp:22"), grant("group:dev", "tcp:443"));
        String after = policy("new.hujson", "", grant("group:dev", "tcp:443-444"));

        Run run = Run.of("policy", "diff", before, after);

        assertThat(run.code()).isEqualTo(11);
        Facts.assertLines(run.out(), """
                %s → %s: access: 1 lost, 1 gained
                - group:dev → 10.0.0.0/8 tcp:22
                old policy: grants[0], line 4
                new policy: … other … grants[0], line 5
                … ann@example.com … 100.64.0.1 → 10.0.0.1 … router, tcp:22
                + group:dev → 10.0.0.0/8 tcp:444
                new policy: grants[0], line 5
                old policy: … other … grants[0], line 4 … grants[1], line 5
                … ann@example.com … 100.64.0.1 → 10.0.0.1 … router, tcp:444
                """.formatted(before, after));
    }

    /** Tags of routers and destinations are both lists. */
    @Test
    void theTagsOfARouterAreNotTakenForDestinations() {
        String rule = """
                {"tagOwners": {"tag:a": [], "tag:b": []},
                 "grants": [{"src": ["*"], "dst": ["10.0.0.0/8"], "ip": ["*"], "via": ["tag:a", "tag:b"]}]}
                """;

        assertThat(Run.of("policy", "diff", Run.file(folder, "via.hujson", rule), policy("none.hujson"))
                        .out())
                .contains("10.0.0.0/8 via tag:a or tag:b");
    }

    @Test
    void theExitCodeSaysWhetherAnythingIsLost() {
        String narrow = policy("narrow.hujson", grant("group:dev", "tcp:443"));
        String split = policy("split.hujson", grant("bob@example.com", "tcp:443"), grant("ann@example.com", "tcp:443"));
        String wide = policy("wide.hujson", grant("group:dev", "*"));

        assertThat(Run.of("policy", "diff", narrow, split).code()).isZero();
        assertThat(Run.of("policy", "diff", narrow, wide).code()).isEqualTo(10);
        assertThat(Run.of("policy", "diff", wide, narrow).code()).isEqualTo(11);
        assertThat(Run.of("policy", "diff", narrow, split).out())
                .contains("no difference")
                .hasLineCount(1);
    }

    @Test
    void aPolicyThatCannotBeReadIsBadInput() {
        String good = policy("good.hujson");
        String bad = policy("bad.hujson", grant("group:none", "*"));

        Run run = Run.of("policy", "diff", good, bad);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("bad.hujson:4:", "group:none");
    }

    @Test
    void theJsonIsADocumentForPrograms() {
        String before = policy("old.hujson", grant("group:dev", "tcp:22"));
        String after = policy("new.hujson");

        assertThat(Run.of("policy", "diff", "-o", "json", before, after).out()).isEqualTo("""
                {
                  "equal": false,
                  "losesAnything": true,
                  "access": [
                    {
                      "change": "lost",
                      "sources": [
                        "group:dev"
                      ],
                      "destinations": [
                        "10.0.0.0/8"
                      ],
                      "traffic": [
                        "tcp:22"
                      ],
                      "capabilities": [],
                      "effects": [],
                      "causes": [
                        {
                          "entry": "grants[0]",
                          "line": 4
                        }
                      ],
                      "others": [],
                      "example": {
                        "source": {
                          "place": "node",
                          "address": "100.64.0.1",
                          "user": "ann@example.com",
                          "tags": []
                        },
                        "destination": {
                          "place": "behind-router",
                          "address": "10.0.0.1",
                          "tags": []
                        },
                        "protocol": "tcp",
                        "port": 22
                      }
                    }
                  ],
                  "approvals": [],
                  "notCompared": []
                }
                """);
    }

    @Test
    void aLongListIsCutUnlessAllIsAsked() {
        String[] grants = new String[30];
        for (int i = 0; i < grants.length; i++) {
            grants[i] = grant("user%d@example.com".formatted(i), "tcp:%d".formatted(1000 + i));
        }
        String before = policy("old.hujson", grants);
        String after = policy("new.hujson");

        assertThat(Run.of("policy", "diff", before, after).out()).containsPattern("\n… .*\\b10\\b.*--all.*\n$");
        assertThat(Run.of("policy", "diff", "--all", before, after).out()).doesNotContain("--all");
    }
}
