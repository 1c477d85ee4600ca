package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Tag;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.Selector;
import dev.wayleave.testing.NullRejection;
import dev.wayleave.testing.Scenario;
import dev.wayleave.visibility.ViewerRoutes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No public constructor or method of core accepts null, and each names the parameter that was null. */
class NullRejectionTest {

    /** Guava's tester needs JUnit 4, which pitest keeps from the tests. */
    private static final String GUAVA = "guava";

    private final RoutingViews views;
    private final NullRejection rejection =
            NullRejection.of(Path.of(System.getProperty("basedir", "."), "target", "classes"));

    NullRejectionTest() {
        Scenario scenario = Scenario.begin().router("a", "10.0.0.0/8");
        RoutingState state = scenario.state();
        views = RoutingViews.of(state);
        NodeState node = scenario.node("a");
        rejection
                .with(Prefix.class, Prefix.parse("10.0.0.0/8"))
                .with(IpAddress.class, IpAddress.parse("10.0.0.1"))
                .with(Tag.class, new Tag("tag:router"))
                .with(Class.class, RouteEvent.class)
                .withAll(
                        Selector.parse("ann@example.com"),
                        Selector.parse("group:admins"),
                        Selector.parse("ipset:office"))
                .withAll(
                        state,
                        views,
                        node,
                        views.visibility(),
                        views.visibility().rules())
                .withAll(views.viewer(node.id()).orElseThrow())
                .withAll(views.visibility().rules().prefixes().iterator().next())
                .withAll(views.visibility().rules().node(node.id()).orElseThrow())
                .withAll(views.visibility().rules().exitViaRules())
                .withAll(Routing.explain(state, node.id(), Prefix.parse("10.0.0.0/8"))
                        .orElseThrow());
    }

    @Test
    void theCheckFindsWhatAcceptsNull() {
        assertThat(rejection.faults(TakesNull.class))
                .anyMatch(fault -> fault.contains("accepts") && fault.endsWith("is accepted"))
                .anyMatch(fault -> fault.contains("withoutName"))
                .anyMatch(fault -> fault.contains("elements") && fault.contains("holds null"))
                .noneMatch(fault -> fault.contains("refuses") || fault.contains("mayBeNull"))
                .hasSize(3);
    }

    @Test
    @org.junit.jupiter.api.Tag(GUAVA)
    void guavaFindsWhatAcceptsNull() {
        assertThatThrownBy(() -> rejection.checkWithGuava(TakesNull.class)).isInstanceOf(AssertionError.class);
    }

    @TestFactory
    Stream<DynamicTest> nullIsRefusedByName() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getName(), () -> assertThat(rejection.faults(type)).isEmpty()));
    }

    @TestFactory
    @org.junit.jupiter.api.Tag(GUAVA)
    Stream<DynamicTest> guavaFindsNothingEither() {
        return rejection.exportedClasses().stream()
                .map(type -> DynamicTest.dynamicTest(type.getName(), () -> rejection.checkWithGuava(type)));
    }

    /** Hosts get it from the views, and its class is not public. */
    @Test
    void theViewOfAViewerRefusesNull() {
        ViewerRoutes view = views.viewer(new NodeId(1)).orElseThrow();

        assertThat(rejection.faults(ViewerRoutes.class, view)).isEmpty();
    }

    @Test
    void theCheckFindsWhatAnImplementationAccepts() {
        assertThat(rejection.faults(Accepting.class, text -> {}))
                .hasSize(1)
                .allMatch(fault -> fault.endsWith("text is null: is accepted"));
    }

    /** An interface that is not sealed. */
    public interface Accepting {
        void accept(String text);
    }

    /** One method for each way to be wrong, and two that are right. */
    @SuppressWarnings("unused")
    public static final class TakesNull {

        public static void accepts(String text) {}

        public static void withoutName(String text) {
            throw new NullPointerException("word");
        }

        public static void elements(Collection<String> texts) {
            Objects.requireNonNull(texts, "texts");
        }

        public static void refuses(String text) {
            Objects.requireNonNull(text, "text");
        }

        public static void mayBeNull(@Nullable String text) {}
    }
}
