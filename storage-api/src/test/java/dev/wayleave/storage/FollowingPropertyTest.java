package dev.wayleave.storage;

import static dev.wayleave.storage.ControllerFixture.LAN;
import static dev.wayleave.storage.ControllerFixture.RETRY;
import static dev.wayleave.storage.ControllerFixture.TAILNET;
import static dev.wayleave.storage.ControllerFixture.advertised;
import static dev.wayleave.storage.ControllerFixture.approved;
import static dev.wayleave.storage.ControllerFixture.by;
import static dev.wayleave.storage.ControllerFixture.connected;
import static dev.wayleave.storage.ControllerFixture.disconnected;
import static dev.wayleave.storage.ControllerFixture.heard;
import static dev.wayleave.storage.ControllerFixture.registered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.RoutingViews;
import dev.wayleave.command.Command;
import dev.wayleave.json.NetmapWriter;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.net.Prefix;
import dev.wayleave.settings.RoutingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Two controllers over one store that breaks, one of them with the sessions: the listeners of each get every event that
 * is stored, once and in order, whichever of the two committed it; and their views are those of the state. {@code
 * -Dwayleave.slow=true} tries more.
 */
class FollowingPropertyTest {

    private static final int TRIES = Boolean.getBoolean("wayleave.slow") ? 500 : 10;
    private static final int MOMENTS = 60;
    private static final Prefix OTHER = Prefix.parse("10.9.0.0/16");

    /** One process: its controller, and what its listeners got. */
    private static final class Process {
        private final List<Publication> publications = new ArrayList<>();
        private final List<ViewPublication> views = new ArrayList<>();
        private final RouteController controller;

        Process(ScriptedStore store, ManualHost host, Random random, boolean withSessions) {
            RouteControllerBuilder builder = RouteController.builder(store, TAILNET, host, host)
                    .steadyNanos(host::steadyNanos)
                    .newTailnet(RoutingSettings.DEFAULT)
                    .retry(RETRY)
                    .random(random::nextDouble)
                    .listener(publications::add)
                    .listener(new ViewPublisher(new ViewListener() {
                        @Override
                        public void started(PublishedViews whole) {}

                        @Override
                        public void published(ViewPublication publication) {
                            views.add(publication);
                        }
                    }));
            if (random.nextBoolean()) {
                builder.following(Duration.ofSeconds(1 + random.nextInt(5)));
            }
            controller = (withSessions ? builder : builder.withoutSessions()).open();
        }
    }

    @Test
    void eachListenerGetsEachStoredEventOnceAndInOrderAndTheViewsOfTheState() {
        for (int seed = 0; seed < TRIES; seed++) {
            run(seed);
        }
    }

    private static void run(int seed) {
        Random random = new Random(seed);
        ManualHost host = new ManualHost();
        ScriptedStore store = new ScriptedStore();
        List<Process> processes =
                List.of(new Process(store, host, random, true), new Process(store, host, random, false));
        store.breakAtRandom(random, 30);
        for (int moment = 0; moment < MOMENTS; moment++) {
            Process process = processes.get(random.nextInt(2));
            for (int i = random.nextInt(3); i > 0; i--) {
                process.controller.submit(by("process", command(random)));
            }
            switch (random.nextInt(8)) {
                case 0 -> process.controller.refresh();
                case 1 -> process.controller.refresh(new Revision(1 + random.nextInt(40)));
                case 2 -> store.down(random.nextBoolean());
                case 3 -> host.pass(Duration.ofMillis(random.nextInt(20_000)));
                case 4 -> host.runOneIfDue();
                default -> host.run();
            }
            if (random.nextInt(50) == 0 && !store.written().isEmpty()) {
                store.shortenLog(TAILNET, 1);
            }
        }
        settle(store, host, processes);
        for (Process process : processes) {
            check(seed, store, process);
        }
    }

    private static Command command(Random random) {
        long node = 1 + random.nextInt(4);
        Prefix[] prefixes = random.nextBoolean() ? new Prefix[] {LAN} : new Prefix[] {LAN, OTHER};
        return switch (random.nextInt(9)) {
            case 0, 1 -> registered(node);
            case 2 -> connected(node);
            case 3 -> disconnected(node);
            case 4 -> heard(node);
            case 5 -> new Command.RemoveNode(new NodeId(node));
            case 6 -> advertised(node, prefixes);
            default -> approved(node, random.nextInt(4) == 0 ? new Prefix[0] : prefixes);
        };
    }

    private static void settle(ScriptedStore store, ManualHost host, List<Process> processes) {
        store.down(false);
        store.breakAtRandom(new Random(0), 0);
        host.pass(Duration.ofSeconds(30));
        store.landLate();
        for (int i = 0; i < 5; i++) { // what one of them reads may lead to a commit, which the other one reads
            processes.forEach(process -> process.controller.refresh());
            host.run();
        }
    }

    private static void check(int seed, ScriptedStore store, Process process) {
        List<PublishedEvent> stored = store.events(TAILNET, EventPosition.START, Integer.MAX_VALUE).stream()
                .map(event -> new PublishedEvent(event.at(), event.event(), event.position()))
                .toList();
        List<PublishedEvent> published = process.publications.stream()
                .flatMap(publication -> publication.events().stream())
                .toList();
        assertThat(published.stream()
                        .filter(event -> event.position().isPresent())
                        .toList())
                .as("events of seed %s", seed)
                .isEqualTo(stored);
        assertThat(process.views.stream()
                        .flatMap(publication -> publication.events().stream())
                        .toList())
                .as("events with views of seed %s", seed)
                .isEqualTo(published);
        Snapshot current = process.controller.current();
        assertThat(current.revision())
                .as("revision of seed %s", seed)
                .isEqualTo(store.load(TAILNET).map(StoredTailnet::revision).orElse(Revision.NONE));
        if (!process.views.isEmpty()) {
            RoutingViews views =
                    process.views.get(process.views.size() - 1).after().views();
            assertThat(views.state()).isSameAs(current.state());
            assertThat(netmaps(views))
                    .as("views of seed %s", seed)
                    .isEqualTo(netmaps(RoutingViews.of(current.state())));
        }
        process.controller.close();
    }

    private static List<String> netmaps(RoutingViews views) {
        NetmapWriter writer = new NetmapWriter();
        return views.state().nodes().keySet().stream()
                .map(node -> writer.full(views, node).orElseThrow())
                .toList();
    }
}
