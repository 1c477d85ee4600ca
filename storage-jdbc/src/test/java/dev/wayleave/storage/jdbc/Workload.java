package dev.wayleave.storage.jdbc;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.RoutingStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits that are the same in every process, each of many rows: a router with eight approved prefixes, of which every
 * commit replaces four. What a tailnet holds at a revision is known without asking a database.
 */
final class Workload {

    private static final int PREFIXES = 250;

    private Workload() {}

    /**
     * The child of the tests that kill: commits until it is killed, however long that takes, and prints each revision
     * that is committed. It ends when its output has no reader.
     */
    public static void main(String[] arguments) {
        RoutingStore store = JdbcRoutingStore.open(DataSources.ofUrl(arguments[0]));
        Host host = Host.ofNew(store);
        while (!System.out.checkError()) {
            next(host);
            System.out.println(host.revision());
        }
    }

    /** The next commit of a host that has made none but these. */
    static void next(Host host) {
        long revision = host.revision().value() + 1;
        host.at(Host.START.plusSeconds(revision)).does(commands(revision));
    }

    static StateRows rowsAt(long revision) {
        Host host = Host.ofNew(forgetfulStore());
        for (long i = 1; i <= revision; i++) {
            next(host);
        }
        return host.state().rows();
    }

    private static Command[] commands(long revision) {
        NodeId node = new NodeId(1);
        List<Command> commands = new ArrayList<>();
        if (revision == 1) {
            commands.add(new Command.SetPolicy(PolicyReader.read("""
                    {"tagOwners": {"tag:router": []}, "autoApprovers": {"routes": {"10.0.0.0/8": \
                    ["tag:router"]}}}""")));
            commands.add(Host.registered(node));
        }
        List<Prefix> prefixes = new ArrayList<>();
        for (long i = 0; i < 8; i++) {
            prefixes.add(Prefix.parse("10." + (revision * 4 + i) % PREFIXES + ".0.0/16"));
        }
        commands.add(new Command.AdvertiseRoutes(node, prefixes));
        return commands.toArray(Command[]::new);
    }

    /** Takes every commit and keeps nothing. */
    private static RoutingStore forgetfulStore() {
        return (RoutingStore) Proxy.newProxyInstance(
                RoutingStore.class.getClassLoader(),
                new Class<?>[] {RoutingStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        return new CommitOutcome.Committed(
                                ((Commit) arguments[0]).expected().next());
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
