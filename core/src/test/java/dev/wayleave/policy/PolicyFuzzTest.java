package dev.wayleave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** However a policy is mangled, it is read or refused, and nothing else ever happens. */
class PolicyFuzzTest {

    private static final boolean SLOW = Boolean.getBoolean("wayleave.slow");
    private static final int ROUNDS = SLOW ? 1_000_000 : 8_000;

    /** The project's own beginnings; with the recordings at hand, their policies are beginnings too. */
    private static final List<String> SAMPLES = List.of("{}", """
            // a tailnet
            {"groups": {"group:admins": ["alice@example.com", "bob@"], "group:empty": []},
             "hosts": {"web": "10.0.0.1", "lan": "192.168.0.0/16", "site": "fd7a:115c:a1e0:b1a::/64"},
             "ipsets": {"ipset:office": ["10.1.0.0/16", "add host:lan", "remove 10.1.9.1-10.1.9.7"],
                        "ipset:all": ["ipset:office", "fd00::/64"]},
             "tagOwners": {"tag:router": ["group:admins"], "tag:exit": ["tag:router", "autogroup:admin"]},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"], "::/0": ["tag:exit"]}, \
            "exitNode": ["tag:exit"]},
             "acls": [{"action": "accept", "src": ["*"], "dst": ["web:80,443", "*:*", "[fd00::1]:1-2", \
            "ipset:all:1"], "proto": "tcp"}],
             "grants": [{"src": ["autogroup:member"], "dst": ["lan"], "ip": ["tcp:22", "*"], "via": ["tag:router"]},
                        {"src": ["bob@"], "dst": ["*"], "app": {"example.com/cap/x": [{"b": [1.5e3, null], "a": ""}]}}],
             "tests": [{"src": "bob@", "proto": "icmp", "accept": ["tag:exit:0", "web:*"], "deny": ["lan:*"]},
                       {"user": "group:admins", "allow": ["10.0.0.1:22"], "srcPostureAttrs": {"node:os": "x"}}],
             "nodeAttrs": [{"target": ["*"], "attr": ["a"], "app": {"tailscale.com/app-connectors": [
               {"name": "n", "connectors": ["tag:exit"], "domains": ["a.example"], "routes": ["203.0.113.0/24"]}]}}],
             "ssh": [{"action": "check", "src": ["group:x"]}], /* not read */ "# a": 1 }
            """, """
            {"ipsets": {"ipset:a": ["10.0.0.0/30", "remove ipset:b", "10.0.0.2"], "ipset:b": ["host:h", "add ipset:c"],
                        "ipset:c": ["fd00::/64", "remove fd00::1-fd00::9", "add autogroup:internet"]},
             "hosts": {"h": "10.0.0.1/32", "n": "10.0.0.77/24"},
             "grants": [{"src": ["ipset:a", "autogroup:shared"], "dst": ["ipset:b", "ipset:c"], "ip": ["icmp:*"]}]}
            """, """
            {"tagOwners": {"tag:a": ["tag:b", "tag:a"], "tag:b": ["tag:a", "ann@x.example", "autogroup:it-admin"]},
             "autoApprovers": {"services": {"svc:w": ["tag:a"]}, "routes": {"10.0.0.9/8": ["autogroup:members"]}},
             "acls": [{"#": {"x": [1]}, "action": "accept", "users": ["tag:a"], "ports": ["tag:b:22", "*:1-65535"]},
                      {"action": "accept", "src": ["user:*@x.example"], "proto": "17", "dst": ["autogroup:self:53"]}]}
            """);

    private static final List<String> FRAGMENTS = Stream.concat(
                    """
                            {
                            }
                            [
                            ]
                            ,
                            :
                            "
                            \\
                            \\u0000
                            \\ud800
                            //
                            /*
                            */
                            /
                            #
                            null
                            true
                            -1
                            1e999
                            00
                            .
                            -
                            *
                            tag:
                            group:
                            autogroup:self
                            user:*@
                            ipset:
                            ipset:a
                            host:
                            -10.0.0.9
                            /24
                            svc:w
                            autogroup:members
                            "tests": [
                            "nodeAttrs": [
                            "#": 1,
                            @
                            0.0.0.0/0
                            ::/0
                            fd00::1
                            10.0.0.1/8
                            "acls": [
                            "grants":[{
                            "src":
                            "app": {
                            srcPosture
                            tcp:
                            :0
                            [[[[[[[[[[[[[[[[
                            {"a":{"a":{"a":
                            é
                            ſ
                            """.lines(),
                    Stream.of("\ud83d", "\udc00", "\u0000", "\ufeff", "\n", "\r", "remove ", "add ", "\u2028"))
            .toList();

    @Test
    void theReaderReadsOrRefusesWhateverIsMadeOfPolicies() throws IOException {
        List<String> policies = new ArrayList<>(SAMPLES);
        policies.addAll(recorded());
        Random random = new Random(20_261_121);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = policies.get(random.nextInt(policies.size()));
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                text = mangled(text, policies, random);
            }
            read += readsOrRefuses(text) ? 1 : 0;
        }
        // a fuzz that only ever finds policies, or never one, tests little
        assertThat(read).isBetween(ROUNDS / 100, ROUNDS * 9 / 10);
    }

    @Test
    void theReaderReadsOrRefusesEveryBeginningOfAPolicy() {
        String text = SAMPLES.get(1);
        for (int end = 0; end <= text.length(); end++) {
            assertThat(readsOrRefuses(text.substring(0, end)))
                    .isEqualTo(text.substring(end).isBlank());
        }
    }

    /** True if the text was read. */
    private static boolean readsOrRefuses(String text) {
        try {
            RoutingPolicy policy = PolicyReader.read(text);
            RoutingPolicy again = readBack(policy);
            assertThat(again.equals(policy)).as("equality").isTrue();
            assertThat(policy.toBuilder().build().equals(policy))
                    .as("equality of what is built")
                    .isTrue();
            areWellPlaced(policy, text);
            return true;
        } catch (PolicyException refused) {
            Refusals.areWellFormed(refused.problems());
            return false;
        } catch (RuntimeException | Error unexpected) {
            throw new AssertionError("on reading:\n" + text, unexpected);
        }
    }

    /** Notices have places in the text, in order, and so do the rules. */
    private static void areWellPlaced(RoutingPolicy policy, String text) {
        int lines = 1
                + (int) text.replace("\r\n", "\n")
                        .chars()
                        .filter(c -> c == '\n' || c == '\r')
                        .count();
        int before = 1;
        for (PolicyNotice notice : policy.notices()) {
            if (notice.line() < before || notice.line() > lines || notice.column() < 1) {
                throw new AssertionError(notice + " is out of place");
            }
            before = notice.line();
        }
        for (int i = 0; i < policy.grants().map(List::size).orElse(0); i++) {
            int line = policy.lineOfGrant(i).orElseThrow();
            if (line < 1 || line > lines) {
                throw new AssertionError("grants[" + i + "] is out of place: " + line);
            }
        }
    }

    private static RoutingPolicy readBack(RoutingPolicy policy) {
        String json = policy.toJson();
        try {
            return PolicyReader.read(json);
        } catch (PolicyException refused) {
            throw new AssertionError("its own text was refused:\n" + json, refused);
        }
    }

    private static String mangled(String text, List<String> policies, Random random) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(random.nextInt(10) == 0 ? 200 : 4));
        switch (random.nextInt(6)) {
            case 0:
                return text.substring(0, from) + text.substring(to);
            case 1:
                return text.substring(0, to) + text.substring(from);
            case 2:
                return text.substring(0, from) + FRAGMENTS.get(random.nextInt(FRAGMENTS.size())) + text.substring(from);
            case 3:
                return text.substring(0, from) + FRAGMENTS.get(random.nextInt(FRAGMENTS.size())) + text.substring(to);
            case 4:
                return withOtherWord(text, random);
            default:
                String other = policies.get(random.nextInt(policies.size()));
                return random.nextInt(5) > 0
                        ? withOtherWord(text, random)
                        : text.substring(0, from) + other.substring(random.nextInt(other.length() + 1));
        }
    }

    /** Puts a quoted word of the text in the place of another word: the result is still JSON. */
    private static String withOtherWord(String text, Random random) {
        String[] pieces = text.split("\"", -1);
        if (pieces.length < 5) {
            return text;
        }
        int words = (pieces.length - 1) / 2;
        pieces[1 + 2 * random.nextInt(words)] = pieces[1 + 2 * random.nextInt(words)];
        return String.join("\"", pieces);
    }

    /** The recorded policies; what is not a recording is left to the test that answers for them. */
    private static List<String> recorded() throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        List<String> policies = new ArrayList<>();
        for (Path file : Recordings.files()) {
            try {
                JsonNode policy = json.readTree(Files.readString(file)).path("policy");
                if (policy.isObject()) {
                    policies.add(policy.toString());
                }
            } catch (JacksonException unreadable) {
                continue;
            }
        }
        return policies;
    }
}
