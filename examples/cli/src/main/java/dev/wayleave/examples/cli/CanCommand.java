package dev.wayleave.examples.cli;

import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.Protocol;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Answers whether traffic passes, and which way. */
@Command(
        name = "can",
        mixinStandardHelpOptions = true,
        versionProvider = Wayleave.Version.class,
        description = "Says whether traffic passes, through which router and by which rule, or what is missing.",
        footer = {
            "",
            "SRC and DST are nodes, addresses, or names from the policy's hosts; DST may have a port: intranet:443,",
            "[2001:db8::1]:443. With a port and no protocol, tcp is meant; without both, anything.",
            "Exits with 0 if the traffic passes and with 1 if it does not."
        })
final class CanCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SRC", description = "Who sends.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "DST[:PORT]", description = "Where to.")
    private String destination = "";

    @Mixin
    private CaseOption tailnet = new CaseOption();

    @Option(
            names = {"-P", "--protocol"},
            paramLabel = "PROTOCOL",
            description = "tcp, udp, icmp or another name or number.")
    private Optional<String> protocol = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Tailnet read = tailnet.read();
        Decisions decisions = new Decisions(read);
        Packet packet = new Endpoints(read, decisions).packet(source, destination, protocol.map(CanCommand::protocol));
        Ink ink = new Ink(spec.commandLine().getColorScheme().ansi());
        CanReport.Answer answer = CanReport.of(read, decisions, packet, ink);
        spec.commandLine().getOut().print(answer.text());
        return answer.passes() ? 0 : 1;
    }

    private static Protocol protocol(String text) {
        try {
            return Protocol.parse(text);
        } catch (PolicyException unknown) {
            throw new BadInput(unknown.problems().get(0).message());
        }
    }
}
