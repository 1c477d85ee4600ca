package dev.wayleave.examples.server;

import com.google.common.net.HostAndPort;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.plane.HostTables;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebAddress;
import dev.wayleave.net.AddressFormatException;
import dev.wayleave.net.AddressSet;
import dev.wayleave.net.OverlayRanges;
import dev.wayleave.net.Prefix;
import dev.wayleave.net.WayleaveException;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteControllerBuilder;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.jdbc.JdbcSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The server from the command line: {@code java -jar wayleave-server.jar}. */
@Command(
        name = "wayleave-server",
        mixinStandardHelpOptions = true,
        description = "Serves a tailnet: agents, operators, and a page to look at.",
        footer = {"", "Ctrl-C stops it. Started again it has everything."})
public final class Main implements Callable<Integer> {

    /** Held, so that their levels stay: the pool and the web server need not log that they started. */
    private static final List<Logger> LIBRARIES = List.of(
            Logger.getLogger("com.zaxxer.hikari"),
            Logger.getLogger("io.javalin"),
            Logger.getLogger("org.eclipse.jetty"));

    private static final int BAD_INPUT = 2;
    private static final int CANNOT_START = 1;
    private static final int CONNECTIONS = 4;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description = "Where to listen (default ${DEFAULT-VALUE}). Port 0 takes any free one.")
    private String listen = "";

    @Option(
            names = "--host",
            paramLabel = "NAME[,NAME]",
            split = ",",
            description = "Names besides localhost by which clients reach a server that listens on this machine only:"
                    + " those that a proxy in front of it passes on. Requests for another name are refused.")
    private List<String> hosts = List.of();

    @Option(
            names = "--database",
            paramLabel = "URL",
            defaultValue = "jdbc:sqlite:wayleave-demo.db",
            description = "A JDBC URL of SQLite, PostgreSQL or H2 (default ${DEFAULT-VALUE}).")
    private String database = "";

    @Option(
            names = "--preset",
            paramLabel = "default|tailscale|headscale",
            defaultValue = "default",
            converter = PresetConverter.class,
            description = "The rules of a new tailnet (default ${DEFAULT-VALUE}); a stored one keeps its own.")
    private RoutingSettings preset = RoutingSettings.DEFAULT;

    @Option(
            names = "--overlay",
            paramLabel = "PREFIX[,PREFIX]",
            split = ",",
            converter = PrefixConverter.class,
            description = "The ranges from which nodes of a new tailnet have their addresses (default 100.64.0.0/10"
                    + " without 100.115.92.0/23, and fd7a:115c:a1e0::/48); a stored one keeps its own.")
    private List<Prefix> overlay = List.of();

    @Option(
            names = "--replica",
            paramLabel = "NAME",
            description = "Run as one of several servers on one database: the name of this one. Without it the server"
                    + " owns the tailnet alone, and a second one is refused while the first one lives.")
    private String replica = "";

    @Option(names = "--take-over", description = "Take the tailnet over from another process that owns it.")
    private boolean takeOver;

    @Option(
            names = "--clock-offset",
            paramLabel = "DURATION",
            defaultValue = "PT0S",
            description = "Set the server's clock wrong, for example by PT1H: replicas use the time of the database.")
    private Duration clockOffset = Duration.ZERO;

    @Option(names = "--empty", description = "Begin with an empty tailnet instead of the sample.")
    private boolean empty;

    @Option(names = "--new-key", description = "Make and print another key that may do everything.")
    private boolean newKey;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The presets by their names. */
    private static final class PresetConverter implements CommandLine.ITypeConverter<RoutingSettings> {

        @Override
        public RoutingSettings convert(String name) {
            return switch (name) {
                case "default" -> RoutingSettings.DEFAULT;
                case "tailscale" -> RoutingSettings.TAILSCALE;
                case "headscale" -> RoutingSettings.HEADSCALE;
                default ->
                    throw new CommandLine.TypeConversionException(
                            "`" + name + "` is not a preset: known are default, tailscale, headscale");
            };
        }
    }

    private static final class PrefixConverter implements CommandLine.ITypeConverter<Prefix> {

        @Override
        public Prefix convert(String text) {
            try {
                return Prefix.parse(text);
            } catch (AddressFormatException malformed) {
                throw new CommandLine.TypeConversionException(malformed.getMessage());
            }
        }
    }

    /** The rules of a new tailnet. */
    private RoutingSettings settings() {
        RoutingSettings settings = ControlPlane.withShortSilenceLimit(preset);
        return overlay.isEmpty()
                ? settings
                : settings.toBuilder()
                        .overlay(OverlayRanges.of(AddressSet.ofPrefixes(overlay)))
                        .build();
    }

    private final CountDownLatch stop;

    Main(CountDownLatch stop) {
        this.stop = stop;
    }

    /**
     * Runs the server until the process receives a signal to end.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            await(stopped);
        }));
        int code = run(
                stop,
                new PrintWriter(System.out, false, StandardCharsets.UTF_8),
                new PrintWriter(System.err, false, StandardCharsets.UTF_8),
                args);
        stopped.countDown();
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs the server until the latch is down. */
    static int run(CountDownLatch stop, PrintWriter out, PrintWriter err, String... args) {
        int code = new CommandLine(new Main(stop)).setOut(out).setErr(err).execute(args);
        out.flush();
        err.flush();
        return code;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        InetSocketAddress address;
        try {
            address = address(listen);
        } catch (IllegalArgumentException e) {
            err.println("`" + listen + "` is not an address: write HOST:PORT, for example 127.0.0.1:8080");
            return BAD_INPUT;
        }
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(new ThreadFactoryBuilder()
                .setNameFormat("wayleave-routes")
                .setDaemon(true)
                .build());
        InstantSource clock = InstantSource.offset(InstantSource.system(), clockOffset);
        try (HikariDataSource pool = pool(database);
                JoinedStore joined = join(pool, scheduler, clock);
                DemoServer server = open(joined, pool, scheduler, clock, address)) {
            announce(server);
            boolean ignored = await(stop);
            return 0;
        } catch (IOException e) {
            err.println("cannot listen on `" + listen + "`: " + e.getMessage());
            return CANNOT_START;
        } catch (WayleaveException | HostTables.HostTablesException e) {
            err.println("cannot use the database `" + database + "`: " + e.getMessage());
            return CANNOT_START;
        } finally {
            scheduler.shutdown();
        }
    }

    private static InetSocketAddress address(String text) {
        HostAndPort parts = HostAndPort.fromString(text).requireBracketsForIPv6();
        if (!parts.hasPort()) {
            throw new IllegalArgumentException("no port");
        }
        InetSocketAddress address = new InetSocketAddress(parts.getHost(), parts.getPort());
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host");
        }
        return address;
    }

    /** The host's data source: the library takes any. */
    static HikariDataSource pool(String url) {
        LIBRARIES.forEach(library -> library.setLevel(Level.WARNING));
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        try {
            DatabaseFiles.protect(url);
            return new HikariDataSource(config);
        } catch (IOException | RuntimeException e) {
            throw new HostTables.HostTablesException(e);
        }
    }

    /** The store of the library's rows: beside the server's own tables. */
    static JdbcRoutingStore store(DataSource database) {
        JdbcSchema.of(database).migrate();
        return JdbcRoutingStore.open(database);
    }

    /** The store, and how this process takes part in its tailnet. */
    private record JoinedStore(RoutingStore store, Membership membership) implements AutoCloseable {

        @Override
        public void close() {
            membership.close();
        }
    }

    private JoinedStore join(HikariDataSource pool, ScheduledExecutorService scheduler, InstantSource clock) {
        if (replica.isEmpty()) {
            RoutingStore store = store(pool);
            ReplicaId id = new ReplicaId(host() + " " + listen);
            return new JoinedStore(store, new OwnerMembership(Replica.join(store, id, scheduler, clock), takeOver));
        }
        boolean hasNotifications = database.startsWith("jdbc:postgresql:");
        if (hasNotifications) {
            pool.setMaximumPoolSize(CONNECTIONS + 1); // one listens
        }
        JdbcRoutingStore store = store(pool).withNotifications();
        return new JoinedStore(
                store,
                new SharedMembership(new SharedMembership.Parts(
                        store,
                        new ReplicaId(replica),
                        scheduler,
                        clock,
                        LeaseRule.DEFAULT,
                        hasNotifications ? pool : null,
                        takeOver)));
    }

    /** This process owns the tailnet. */
    private record OwnerMembership(Replica process, boolean takesOver) implements Membership {

        @Override
        public RouteControllerBuilder join(RouteControllerBuilder builder) {
            builder.replica(process);
            return takesOver ? builder.takeOver() : builder;
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private DemoServer open(
            JoinedStore joined,
            DataSource pool,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            InetSocketAddress socket)
            throws IOException {
        DemoServer server = new DemoServer(new DemoServer.Parts(
                joined.store(),
                pool,
                scheduler,
                clock,
                System::nanoTime,
                new WebAddress(socket, Set.copyOf(hosts)),
                settings(),
                Limits.DEFAULT,
                joined.membership()));
        if (!empty && server.plane().state().nodes().isEmpty()) {
            server.fillSample();
        }
        server.startSample();
        return server;
    }

    /** The warning for a server that listens beyond this machine. */
    static Optional<String> warning(InetAddress host) {
        return host.isLoopbackAddress()
                ? Optional.empty()
                : Optional.of(
                        "WARNING: this listens on " + host.getHostAddress() + ", not only on this machine. A client"
                                + " that can reach it may try keys, and keys go over the network unencrypted: put a"
                                + " proxy with TLS before it.");
    }

    private void announce(DemoServer server) {
        PrintWriter out = spec.commandLine().getOut();
        InetSocketAddress address = server.web().address();
        InetAddress host = address.getAddress();
        String name = host.isAnyLocalAddress() ? "localhost" : host.getHostAddress();
        String page = "http://" + HostAndPort.fromParts(name, address.getPort()) + "/";
        warning(host).ifPresent(out::println);
        if (newKey || server.keys().all().stream().noneMatch(key -> key.scope().equals("operate"))) {
            String key = server.keys().create(Scope.OPERATE, "operator").key();
            out.println("page  " + page + "#key=" + key);
            out.println("key   " + key + "  (may do everything; only its hash is kept, so it is shown this once)");
        } else {
            out.println("page  " + page);
            out.println("key   the one that was shown at the first start; --new-key makes another");
        }
        out.println("data  " + database + (replica.isEmpty() ? "" : ", shared as replica " + replica));
        out.println("Ctrl-C stops it. Started again it has everything.");
        out.flush();
    }
}
