package dev.wayleave.examples.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.wayleave.command.Command;
import dev.wayleave.examples.server.plane.ControlPlane;
import dev.wayleave.examples.server.web.Gate.Scope;
import dev.wayleave.examples.server.web.Limits;
import dev.wayleave.examples.server.web.WebAddress;
import dev.wayleave.mesh.Actor;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.storage.LeaseRule;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RoutingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import tools.jackson.databind.JsonNode;

/** One of several servers on one database in memory, with short leases. It can be frozen, and cut off the database. */
final class ReplicaServer implements AutoCloseable {

    static final LeaseRule LEASE = new LeaseRule(Duration.ofSeconds(3), Duration.ofMillis(500));

    private static final String POLICY = """
            {
              "tagOwners": {"tag:router": []},
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:router"]}}
            }
            """;

    final DemoServer demo;

    private final HikariDataSource pool;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final SharedMembership membership;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile boolean isCut;

    ReplicaServer(String database, String id) throws IOException {
        this(database, id, Duration.ZERO);
    }

    ReplicaServer(String database, String id, Duration clockOffset) throws IOException {
        pool = Main.pool(database);
        DataSource cuttable = cuttable();
        RoutingStore store = Main.store(cuttable);
        InstantSource clock = InstantSource.offset(InstantSource.system(), clockOffset);
        membership = new SharedMembership(
                new SharedMembership.Parts(store, new ReplicaId(id), scheduler, clock, LEASE, null, false));
        demo = new DemoServer(new DemoServer.Parts(
                store,
                cuttable,
                scheduler,
                clock,
                System::nanoTime,
                new WebAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Set.of()),
                ControlPlane.SETTINGS,
                Limits.DEFAULT,
                membership));
    }

    /** With the rules of the tests, a policy that approves 10.0.0.0/8, and a key for everything. */
    String begun() {
        Actor test = new Actor("test");
        var unused = demo.plane()
                .submit(
                        test,
                        new Command.SetSettings(ControlPlane.SETTINGS.toBuilder()
                                .grace(Duration.ofSeconds(1))
                                .build()),
                        new Command.SetPolicy(PolicyReader.read(POLICY)));
        return demo.keys().create(Scope.OPERATE, "operator").key();
    }

    private DataSource cuttable() {
        return (DataSource) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (isCut && method.getName().equals("getConnection")) {
                        throw new SQLException("the database is cut off", "08001");
                    }
                    return method.invoke(pool, arguments);
                });
    }

    void cut(boolean isCutNow) {
        isCut = isCutNow;
    }

    /** Stops the lease and the controller, as SIGSTOP does; requests are still answered. */
    CountDownLatch freeze() {
        CountDownLatch thaw = new CountDownLatch(1);
        CountDownLatch frozen = new CountDownLatch(1);
        scheduler.execute(() -> {
            frozen.countDown();
            wait(thaw);
        });
        wait(frozen);
        return thaw;
    }

    private static void wait(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + demo.web().address().getPort() + path;
    }

    JsonNode get(String path, String key) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(TestServer.API + path)))
                .header("Authorization", "Bearer " + key)
                .build());
    }

    JsonNode post(String path, String key, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(TestServer.API + path)))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        String body = client.send(request, BodyHandlers.ofString()).body();
        return TestServer.JSON.readTree(body.isEmpty() ? "{}" : body);
    }

    int health() throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url("/healthz"))).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Override
    public void close() {
        demo.close();
        membership.close();
        scheduler.shutdownNow();
        pool.close();
    }
}
