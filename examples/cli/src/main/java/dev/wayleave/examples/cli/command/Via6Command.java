package dev.wayleave.examples.cli.command;

import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.Via6;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Translates between IPv4 at a site and the IPv6 that stands for it. */
@Command(
        name = "via6",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Translates an IPv4 prefix at a site to the IPv6 prefix that stands for it (4via6), and back.",
        customSynopsis = {"wayleave via6 SITE CIDR", "       wayleave via6 PREFIX"},
        footer = {
            "",
            "  wayleave via6 7 10.1.1.0/24                        prints fd7a:115c:a1e0:b1a:0:7:a01:100/120",
            "  wayleave via6 fd7a:115c:a1e0:b1a:0:7:a01:100/120   prints site 7 (0x7), 10.1.1.0/24",
        })
public final class Via6Command implements Runnable {

    @Parameters(
            arity = "1..2",
            paramLabel = "ARGUMENT",
            description = "A site, 0 to 65535 in decimal or hexadecimal (0x7), and an IPv4 prefix; or an IPv6 prefix.")
    private List<String> arguments = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (arguments.size() > 2) {
            throw new ParameterException(spec.commandLine(), "that is one argument too many");
        }
        try {
            String answer =
                    arguments.size() == 2 ? toIpv6(arguments.get(0), arguments.get(1)) : toIpv4(arguments.get(0));
            spec.commandLine().getOut().print(answer + "\n");
        } catch (AddressFormatException malformed) {
            throw new BadInput(malformed);
        }
    }

    private static String toIpv6(String site, String cidr) {
        long number = Via6.parseSite(site);
        if (number > Via6.MAX_ADVERTISED_SITE) {
            throw new BadInput("site `" + site + "` is reserved: choose one up to " + Via6.MAX_ADVERTISED_SITE);
        }
        Prefix ipv4 = Prefix.parse(cidr);
        if (ipv4.isIpv6()) {
            throw new BadInput("`" + cidr + "` is IPv6: a site has IPv4 prefixes");
        }
        return new Via6(number, ipv4).toPrefix().toString();
    }

    private static String toIpv4(String text) {
        Prefix prefix = Prefix.parse(text);
        return Via6.of(prefix)
                .orElseThrow(() -> new BadInput("`" + prefix
                        + "` stands for no IPv4 prefix: 4via6 has fd7a:115c:a1e0:b1a::/64 and lengths from 96 on"))
                .toString();
    }
}
