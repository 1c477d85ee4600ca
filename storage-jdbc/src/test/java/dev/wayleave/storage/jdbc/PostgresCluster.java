package dev.wayleave.storage.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/**
 * A primary, a synchronous standby and a PgBouncer in transaction mode, on loopback, from Debian's packages. For tests
 * under {@code -Pcluster}; {@code .ci/cluster} installs the packages.
 */
final class PostgresCluster implements AutoCloseable {

    private static final Path PROGRAMS =
            Path.of(System.getProperty("wayleave.postgres.bin", "/usr/lib/postgresql/15/bin"));
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");
    private static final String SYNCHRONOUS = "ANY 1 (n1, n2)";

    private final Path folder;
    private final int[] ports = {freePort(), freePort()};
    private final int poolPort = freePort();

    private final AtomicInteger databases = new AtomicInteger();

    /** The node that takes writes: 0 or 1. */
    private int primary;

    private PostgresCluster(Path folder) {
        this.folder = folder;
    }

    static PostgresCluster start() {
        try {
            PostgresCluster cluster = new PostgresCluster(Files.createTempDirectory("wayleave-cluster"));
            cluster.begin();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin() throws IOException {
        if (IS_ROOT) {
            run(List.of("chown", "postgres", folder.toString()));
        }
        postgres("initdb", "-D", data(0), "-U", "postgres", "-A", "trust", "--no-sync");
        Files.writeString(
                Path.of(data(0), "postgresql.auto.conf"),
                String.join(
                        "\n",
                        "wal_level = replica",
                        "max_wal_senders = 8",
                        "hot_standby = on",
                        "wal_log_hints = on",
                        "shared_buffers = 32MB",
                        ""));
        startNode(0);
        cloneFrom(0, 1);
        startNode(1);
        setSynchronous(true);
        pool("start");
    }

    private String data(int node) {
        return folder.resolve("n" + (node + 1)).toString();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- ways in

    /** The URL of a host: whichever node is the primary, and an end of waiting. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1]
                + "/postgres?user=postgres&targetServerType=primary&connectTimeout=2&socketTimeout=3"
                + "&loginTimeout=2&sslmode=disable&gssEncMode=disable";
    }

    /** The same through PgBouncer, with what the driver needs there. */
    String pooledUrl() {
        return "jdbc:postgresql://127.0.0.1:" + poolPort
                + "/postgres?user=postgres&connectTimeout=2&socketTimeout=3&sslmode=disable&gssEncMode=disable"
                + "&prepareThreshold=0";
    }

    /** A database without tables, through PgBouncer. */
    String newPooledDatabaseUrl() {
        String name = "test" + databases.incrementAndGet();
        Database.execute(administrator(), "create database " + name);
        return pooledUrl().replace("/postgres?", "/" + name + "?");
    }

    /** The administrator's way to the primary. */
    DataSource administrator() {
        return DataSources.ofUrl("jdbc:postgresql://127.0.0.1:" + ports[primary]
                + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable");
    }

    // ---- what happens to it

    /** SIGKILL, as a machine dies. */
    void killPrimary() {
        signal(primary, "KILL");
        awaitEnd(primary);
    }

    /** The standby takes over, alone: commits wait for no standby then. PgBouncer follows. */
    void promote() {
        primary = 1 - primary;
        postgres("pg_ctl", "-D", data(primary), "-w", "promote");
        setSynchronous(false);
        pool("reload");
    }

    /** The old primary comes back as a standby, cloned anew. */
    void rejoin() {
        int standby = 1 - primary;
        run(List.of("rm", "-rf", data(standby)));
        cloneFrom(primary, standby);
        startNode(standby);
        setSynchronous(true);
    }

    void stopStandby() {
        postgres("pg_ctl", "-D", data(1 - primary), "-m", "immediate", "-w", "stop");
    }

    void startStandby() {
        startNode(1 - primary);
    }

    /** Both nodes stop: the standby gets what the primary had, unless it is stopped already. */
    void restartPrimary() {
        postgres("pg_ctl", "-D", data(primary), "-m", "fast", "-w", "stop");
        startNode(primary);
    }

    /** Whether commits wait for the standby. */
    void setSynchronous(boolean isSynchronous) {
        Database.execute(
                administrator(),
                "alter system set synchronous_standby_names = '" + (isSynchronous ? SYNCHRONOUS : "") + "'");
        Database.query(administrator(), "select pg_reload_conf()");
        String wanted = isSynchronous ? SYNCHRONOUS : "";
        until(() -> Database.query(administrator(), "show synchronous_standby_names")
                .contains(wanted));
        if (isSynchronous) {
            awaitStandby();
        }
    }

    /** Waits until the standby follows, so that commits do not wait for it; it tries to connect every five seconds. */
    void awaitStandby() {
        until(() -> !Database.query(
                        administrator(), "select 1 from pg_stat_replication where sync_state in ('sync', 'quorum')")
                .isEmpty());
    }

    /** Waits until a commit waits for the standby. */
    void awaitWaitingCommits() {
        until(() -> !Database.query(administrator(), "select 1 from pg_stat_activity where wait_event = 'SyncRep'")
                .isEmpty());
    }

    /** Calls a function for each backend that waits for the standby; returns once there was one. */
    void endWaitingCommits(String function) {
        until(() -> !Database.query(
                        administrator(),
                        "select " + function + "(pid) from pg_stat_activity where wait_event = 'SyncRep'")
                .isEmpty());
    }

    /** Waits for a condition, two minutes at most. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen within two minutes");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    // ---- programs

    private void cloneFrom(int from, int to) {
        String name = "n" + (to + 1);
        postgres(
                "pg_basebackup",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(ports[from]),
                "-U",
                "postgres",
                "-D",
                data(to),
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "-d",
                "application_name=" + name);
    }

    private void startNode(int node) {
        postgres(
                "pg_ctl",
                "-D",
                data(node),
                "-o",
                "-p " + ports[node] + " -k " + folder + " -h 127.0.0.1",
                "-l",
                folder.resolve("n" + (node + 1) + ".log").toString(),
                "-w",
                "start");
    }

    private void pool(String what) {
        try {
            Path configuration = folder.resolve("pgbouncer.ini");
            Files.writeString(
                    configuration,
                    String.join(
                            "\n",
                            "[databases]",
                            "* = host=127.0.0.1 port=" + ports[primary] + " user=postgres",
                            "[pgbouncer]",
                            "listen_addr = 127.0.0.1",
                            "listen_port = " + poolPort,
                            "auth_type = any",
                            "pool_mode = transaction",
                            "default_pool_size = 6",
                            "server_login_retry = 1",
                            "unix_socket_dir =",
                            "logfile = " + folder.resolve("pgbouncer.log"),
                            "pidfile = " + folder.resolve("pgbouncer.pid"),
                            "ignore_startup_parameters = extra_float_digits",
                            ""));
            if (what.equals("start")) {
                run(asPostgres(List.of("pgbouncer", "-q", "-d", configuration.toString())));
                until(() -> isOpen(poolPort));
            } else {
                run(List.of(
                        "kill",
                        "-HUP",
                        Files.readString(folder.resolve("pgbouncer.pid")).strip()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void postgres(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(PROGRAMS.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(asPostgres(command));
    }

    /** The servers refuse to run as root. */
    private static List<String> asPostgres(List<String> command) {
        if (!IS_ROOT) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
        all.addAll(command);
        return all;
    }

    private void run(List<String> command) {
        try {
            Path output = Files.createTempFile("wayleave-cluster", ".out");
            int code = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            String said = Files.readString(output);
            Files.delete(output);
            if (code != 0) {
                throw new IllegalStateException(
                        String.join(" ", command).toLowerCase(Locale.ROOT) + " ended with " + code + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void signal(int node, String name) {
        try {
            String pid =
                    Files.readAllLines(Path.of(data(node), "postmaster.pid")).get(0);
            run(List.of("kill", "-" + name, pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The backends of a killed server go a moment later. */
    private void awaitEnd(int node) {
        until(() -> !isOpen(ports[node]));
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        for (int node = 0; node < 2; node++) {
            if (Files.exists(Path.of(data(node), "postmaster.pid"))) {
                try {
                    postgres("pg_ctl", "-D", data(node), "-m", "immediate", "stop");
                } catch (IllegalStateException e) {
                    // it was killed
                }
            }
        }
        try {
            run(List.of(
                    "kill", Files.readString(folder.resolve("pgbouncer.pid")).strip()));
        } catch (IOException | IllegalStateException e) {
            // it did not start
        }
        run(List.of("rm", "-rf", folder.toString()));
    }
}
