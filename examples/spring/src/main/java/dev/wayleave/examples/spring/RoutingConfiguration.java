package dev.wayleave.examples.spring;

import dev.wayleave.json.RoutingJacksonModule;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Replica;
import dev.wayleave.storage.ReplicaId;
import dev.wayleave.storage.RouteController;
import dev.wayleave.storage.RoutingObserver;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.jdbc.JdbcRoutingStore;
import dev.wayleave.storage.micrometer.MicrometerRoutingObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import tools.jackson.databind.JacksonModule;

/**
 * The routes as beans. Spring makes each bean after those that it needs, and closes it before them:
 *
 * <pre>
 *   made    DataSource ──► Flyway ──► RoutingStore ──► RouteController ──► web
 *   closed  DataSource ◄──────────── RoutingStore ◄── RouteController ◄── web
 *                                 scheduler ──┘
 * </pre>
 *
 * <p>Four places where this order is easily missed are marked with numbers below.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling // for NightlyPurge
class RoutingConfiguration {

    static final TailnetId TAILNET = new TailnetId("example.com");

    /**
     * 1. Two histories of migrations. The host's own migrations and the library's both begin with version 1, so that
     * the library's have a second Flyway, with a table of its own for its history, and a baseline because the schema
     * is not empty then. A second <i>bean</i> of class Flyway would turn off the first, which Spring Boot makes:
     * so both run in the one place that Spring Boot has for it.
     */
    @Bean
    FlywayMigrationStrategy migrations() {
        return host -> {
            host.migrate();
            Flyway.configure()
                    .dataSource(host.getConfiguration().getDataSource())
                    .locations("classpath:wayleave-schema/h2") // or postgresql, or sqlite
                    .placeholders(Map.of("tables", "wayleave_", "prefix", "wayleave_"))
                    .table("wayleave_flyway_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        };
    }

    /**
     * 2. The store reads the version of its tables when it opens. Spring knows that JdbcTemplate and its like need the
     * migrations first; of this bean it does not know it.
     */
    @Bean
    @DependsOnDatabaseInitialization
    JdbcRoutingStore routingStore(DataSource dataSource) {
        return JdbcRoutingStore.open(dataSource);
    }

    /**
     * 3. The threads are the host's: the controller is closed before them. They are not a candidate for other beans:
     * any ScheduledExecutorService would replace the scheduler that Spring Boot makes for {@code @Scheduled}.
     */
    @Bean(destroyMethod = "shutdown", defaultCandidate = false)
    @Qualifier("routing")
    ScheduledExecutorService routingScheduler() {
        return Executors.newScheduledThreadPool(2);
    }

    @Bean
    RoutingObserver routingObserver(MeterRegistry registry) {
        return new MicrometerRoutingObserver(registry);
    }

    /**
     * 4. One process owns the tailnet. Each has a name of its own, which it keeps when it starts again: then it takes
     * over at once. A second process is refused after 15 s, with the name of the first.
     */
    @Bean(destroyMethod = "close")
    Replica replica(
            RoutingStore store,
            @Qualifier("routing") ScheduledExecutorService scheduler,
            @Value("${wayleave.replica:spring-1}") String name) {
        return Replica.join(store, new ReplicaId(name), scheduler, InstantSource.system());
    }

    /**
     * 5. The controller is closed while the store, the pool and the threads still work, since it stores what waits; and
     * after the web server has answered its last request. Both hold because they are parameters here, and because
     * Spring Boot stops the web server before it closes any bean.
     */
    @Bean(destroyMethod = "close")
    RouteController routeController(
            RoutingStore store,
            Replica replica,
            @Qualifier("routing") ScheduledExecutorService scheduler,
            RoutingObserver observer) {
        return RouteController.builder(store, TAILNET, scheduler, InstantSource.system())
                .replica(replica)
                .newTailnet(RoutingSettings.DEFAULT)
                .observer(observer)
                .open();
    }

    /** Spring Boot adds modules that are beans to its mapper, which is Jackson 3: prefixes come out as texts. */
    @Bean
    JacksonModule routingJacksonModule() {
        return new RoutingJacksonModule();
    }
}
