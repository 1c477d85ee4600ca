package dev.wayleave.examples.server;

import static dev.wayleave.examples.server.TestServer.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.examples.server.web.Limits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Many nodes for ten minutes on a real database with the real times, each with a stream that is its session's
 * connection, while routers die at random in three ways: every prefix moves to its standby in time, none moves for
 * another reason, no stream of the living ends, and nothing is left over.
 *
 * <p>Five nodes are a site, two of them the routers of its network, and are sent each other; one node in a hundred
 * watches all sites.
 *
 * <p>{@code -Dwayleave.soak.nodes} and {@code -Dwayleave.soak.seconds} make it shorter to work on.
 */
@EnabledIfSystemProperty(named = "wayleave.slow", matches = "true")
class SoakTest {

    private static final int NODES = Integer.getInteger("wayleave.soak.nodes", 2_000);
    private static final int SECONDS = Integer.getInteger("wayleave.soak.seconds", 600);
    private static final int CONNECTIONS = 8;

    /** For a machine that has other things to do. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final Random random = new Random(42);
    private final Map<Long, Router> routers = new ConcurrentHashMap<>();
    private final Map<String, Death> deaths = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<Way, Queue<Long>> latencies = new ConcurrentSkipListMap<>();
    private final AtomicInteger keepAlives = new AtomicInteger();
    private final AtomicLong read = new AtomicLong();

    @TempDir
    Path folder;

    /** How a router dies: it falls silent, it ends its session in order, or its connection ends. */
    private enum Way {
        SILENCE(25 + 15),
        DISCONNECT(15),
        CUT(15);

        /** Silence limit and grace, or the grace alone. */
        private final Duration allowed;

        Way(int seconds) {
            allowed = Duration.ofSeconds(seconds).plus(SLACK);
        }
    }

    /** A node of the simulation, whether it sends keep-alives, and its open stream. */
    private static final class Router {
        private final TestServer.Agent agent;
        private final String prefix;
        private volatile boolean alive = true;
        private volatile CompletableFuture<?> stream = new CompletableFuture<>();

        Router(TestServer.Agent agent, String prefix) {
            this.agent = agent;
            this.prefix = prefix;
        }
    }

    /** A primary that was killed, and who has to serve now. */
    private record Death(Router dead, Way way, long at) {}

    @Test
    void noFailoverIsMissedAndNothingIsLeftOver() throws Exception {
        Limits limits = TestLimits.builder().requests(5_000, 5_000).build();
        try (TestServer server = TestServer.onSqlite(limits, folder)) {
            setPolicy(server);
            List<Router> all = populate(server);
            List<ScheduledExecutorService> workers = keepAlive(all);
            for (Router router : all) {
                open(server, router);
            }
            untilOpen(server, NODES);
            ScheduledExecutorService killer = Executors.newScheduledThreadPool(2);
            try (StreamReader events = new StreamReader(server, API + "/events/stream", server.reader);
                    StreamReader tailnet = new StreamReader(server, API + "/tailnet/stream", server.operator)) {
                Thread watcher = new Thread(() -> watch(server, events), "watcher");
                watcher.setDaemon(true);
                watcher.start();
                Thread page = new Thread(() -> readOn(tailnet), "page");
                page.setDaemon(true);
                page.start();
                var unused = killer.scheduleWithFixedDelay(
                        () -> guarded(() -> kill(server, all)), 1_000, 500, TimeUnit.MILLISECONDS);
                unused = killer.scheduleWithFixedDelay(
                        () -> guarded(() -> openAndLeave(server)), 300, 700, TimeUnit.MILLISECONDS);
                unused = killer.scheduleWithFixedDelay(this::checkDeadlines, 1, 1, TimeUnit.SECONDS);
                List<Long> heaps = new ArrayList<>();
                pause(SECONDS / 3);
                heaps.add(heap());
                for (int i = 0; i < 4; i++) {
                    pause(SECONDS / 6);
                    heaps.add(heap());
                }
                // in order: a death whose disconnect was interrupted would be noticed by its silence
                killer.shutdown();
                assertThat(killer.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
                pause((int) Way.SILENCE.allowed.toSeconds());
                heaps.add(heap());
                report(heaps);
                assertThat(faults).isEmpty();
                assertThat(deaths).isEmpty();
                assertThat(latencies.keySet()).containsExactlyInAnyOrder(Way.values());
                assertThat(server.demo.web().streams()).isEqualTo(NODES + 2);
                long first = heaps.get(0);
                assertThat(heaps).allMatch(later -> later < first + first / 5 + (16 << 20));
                all.forEach(router -> router.alive = false);
                all.forEach(router -> router.stream.cancel(true));
                untilOpen(server, 2);
            } finally {
                killer.shutdownNow();
                workers.forEach(ScheduledExecutorService::shutdownNow);
            }
        }
        pause(12); // request threads end after ten idle seconds
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("wayleave-") || name.equals("HTTP-Dispatcher"));
    }

    private void report(List<Long> heaps) {
        StringBuilder failovers = new StringBuilder();
        latencies.forEach((way, times) -> failovers.append(String.format(
                ", %d by %s (slowest %.1f s)",
                times.size(),
                way.name().toLowerCase(Locale.ROOT),
                times.stream().mapToLong(Long::longValue).max().orElse(0) / 1e9)));
        System.out.printf(
                "soak: %d nodes with a stream each, %d s, %d keep-alives, %d MiB read; failovers%s; heap in MiB %s%n",
                NODES,
                SECONDS,
                keepAlives.get(),
                read.get() >> 20,
                failovers.substring(1),
                heaps.stream().map(heap -> heap >> 20).toList());
    }

    private static void pause(int seconds) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(seconds, TimeUnit.SECONDS)).isFalse();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private interface Risky {
        void run() throws Exception;
    }

    private void guarded(Risky risky) {
        try {
            risky.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            if (!Thread.currentThread().isInterrupted()) {
                faults.add(e.toString());
            }
        }
    }

    private static String network(int site) {
        return "10." + (site >> 8) + "." + (site & 0xff) + ".0/24";
    }

    private static void setPolicy(TestServer server) {
        ObjectNode policy = TestServer.JSON.createObjectNode();
        ObjectNode owners = policy.putObject("tagOwners");
        owners.putArray("tag:router");
        owners.putArray("tag:watcher");
        policy.putObject("autoApprovers")
                .putObject("routes")
                .putArray("10.0.0.0/8")
                .add("tag:router");
        ArrayNode rules = policy.putArray("acls");
        rules.add(rule("tag:watcher", "*:*"));
        for (int site = 0; site <= NODES / 5; site++) {
            owners.putArray("tag:site-" + site);
            rules.add(rule("tag:site-" + site, "tag:site-" + site + ":*", network(site) + ":*"));
        }
        ObjectNode body = TestServer.JSON.createObjectNode().put("policy", policy.toString());
        server.send("PUT", API + "/policy", server.operator, body.toString()).expect(200);
    }

    private static ObjectNode rule(String source, String... destinations) {
        ObjectNode rule = TestServer.JSON.createObjectNode().put("action", "accept");
        rule.putArray("src").add(source);
        ArrayNode dst = rule.putArray("dst");
        List.of(destinations).forEach(dst::add);
        return rule;
    }

    private static Router router(TestServer server, int i) {
        int site = i / 5;
        String tag = i % 100 == 4 ? "tag:watcher" : i % 5 < 2 ? "tag:router" : "tag:site-" + site;
        String owner = """
                "tags": ["%s", "tag:site-%s"]""".formatted(tag, site);
        return i % 5 < 2
                ? new Router(server.new Agent("node-" + i, owner, network(site)), network(site))
                : new Router(server.new Agent("node-" + i, owner), "");
    }

    /** Two in five nodes are routers, in pairs. */
    private List<Router> populate(TestServer server) {
        List<Router> all = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            Router router = router(server, i);
            routers.put(router.agent.id, router);
            all.add(router);
            if (i % 100 == 99) {
                // those that are there already wait for the other routers
                all.forEach(known -> known.agent.keepAlive().expect(204));
            }
        }
        return all;
    }

    /** All say that they are there, over few connections, each every ten seconds. */
    private List<ScheduledExecutorService> keepAlive(List<Router> all) {
        List<ScheduledExecutorService> workers = new ArrayList<>();
        for (int worker = 0; worker < CONNECTIONS; worker++) {
            List<Router> mine = new ArrayList<>();
            for (int i = worker; i < all.size(); i += CONNECTIONS) {
                mine.add(all.get(i));
            }
            ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
            var unused = thread.scheduleAtFixedRate(() -> mine.forEach(this::keepAlive), 0, 10, TimeUnit.SECONDS);
            workers.add(thread);
        }
        return workers;
    }

    private void keepAlive(Router router) {
        guarded(() -> {
            if (router.alive) {
                int status = router.agent.keepAlive().status();
                keepAlives.incrementAndGet();
                if (status != 204 && router.alive) {
                    faults.add("keep-alive of node " + router.agent.id + ": " + status);
                }
            }
        });
    }

    /** A primary whose standby is well dies. */
    private void kill(TestServer server, List<Router> all) {
        Router first = all.get(random.nextInt(all.size() / 5) * 5);
        if (deaths.containsKey(first.prefix)) {
            return;
        }
        long primary = server.plane
                .state()
                .primary(dev.wayleave.net.Prefix.parse(first.prefix))
                .orElseThrow()
                .value();
        Router router = routers.get(primary);
        router.alive = false;
        Way way = Way.values()[random.nextInt(Way.values().length)];
        deaths.put(router.prefix, new Death(router, way, System.nanoTime()));
        switch (way) {
            case SILENCE -> {}
            case DISCONNECT ->
                router.agent
                        .post("disconnect", """
                                {"session": "%s"}""".formatted(router.agent.session))
                        .expect(204);
            case CUT -> router.stream.cancel(true);
        }
    }

    /** Opens the stream that is the connection of a node's session, and reads whatever comes. */
    private void open(TestServer server, Router router) {
        CompletableFuture<?> stream = server.client.sendAsync(
                HttpRequest.newBuilder(server.uri(API + "/agent/stream?session=" + router.agent.session))
                        .header("Authorization", "Bearer " + router.agent.key)
                        .build(),
                BodyHandlers.ofByteArrayConsumer(
                        bytes -> read.addAndGet(bytes.map(part -> part.length).orElse(0))));
        router.stream = stream;
        var unused = stream.whenComplete((response, failure) -> {
            if (router.alive && router.stream == stream) {
                faults.add(
                        "the stream of node " + router.agent.id + " ended: " + (failure == null ? response : failure));
            }
        });
    }

    private static void untilOpen(TestServer server, int streams) throws InterruptedException {
        for (int i = 0; i < 120 && server.demo.web().streams() != streams; i++) {
            pause(1);
        }
        assertThat(server.demo.web().streams()).isEqualTo(streams);
    }

    /** Follows the log: a prefix may move only if its primary was killed; the dead come back then. */
    private void watch(TestServer server, StreamReader events) {
        guarded(() -> {
            while (true) {
                JsonNode event = events.nextOrWait("event").json();
                if (!event.at("/kind").stringValue().equals("primary-moved")) {
                    continue;
                }
                Death death = deaths.get(event.at("/prefix").stringValue());
                if (death == null || death.dead().agent.id != event.at("/from").longValue()) {
                    faults.add("moved for no reason: " + event);
                    continue;
                }
                latencies
                        .computeIfAbsent(death.way(), way -> new ConcurrentLinkedQueue<>())
                        .add(System.nanoTime() - death.at());
                death.dead().agent.connect();
                open(server, death.dead());
                death.dead().alive = true;
                deaths.remove(event.at("/prefix").stringValue());
            }
        });
    }

    /** Takes every document, and keeps none. */
    private void readOn(StreamReader tailnet) {
        guarded(() -> {
            while (true) {
                read.addAndGet(tailnet.nextOrWait("tailnet").data().length());
            }
        });
    }

    private void checkDeadlines() {
        long now = System.nanoTime();
        deaths.forEach((prefix, death) -> {
            if (now - death.at() > death.way().allowed.toNanos()) {
                faults.add(prefix + " was not moved in time after " + death.way());
            }
        });
    }

    /** An operator opens a view for a moment, and closes the connection. */
    private void openAndLeave(TestServer server) throws IOException, InterruptedException {
        long node = 1 + random.nextInt(NODES);
        try (StreamReader stream = new StreamReader(server, API + "/nodes/" + node + "/stream", server.operator)) {
            if (stream.response.statusCode() == 200) {
                stream.next("view");
            }
        }
    }
}
