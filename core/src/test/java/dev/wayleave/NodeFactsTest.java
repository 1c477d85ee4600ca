package dev.wayleave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.row.Drain;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeFactsTest {

    /** These are in the row of the node, or follow from the rest. */
    private static final Set<String> NOT_IN_ROWS_OF_ROUTES = Set.of("node", "effective", "drain");

    static Stream<RecordComponent> facts() {
        return Arrays.stream(NodeFacts.class.getRecordComponents());
    }

    /** A fact that is not compared would reach no store if it changes alone. */
    @ParameterizedTest
    @MethodSource("facts")
    void aFactOfRoutesThatChangesAloneIsNoticed(RecordComponent changed) throws ReflectiveOperationException {
        RecordComponent[] components = NodeFacts.class.getRecordComponents();
        Constructor<NodeFacts> constructor = NodeFacts.class.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        Node node =
                Node.builder(new NodeId(1), "router", Owner.tags("tag:router")).build();
        NodeFacts before = NodeFacts.of(node).withDrain(new Drain(Instant.EPOCH, null, new Actor("ada")));
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getName().equals(changed.getName())
                    ? null
                    : components[i].getAccessor().invoke(before);
        }

        assertThat(constructor.newInstance(values).hasRouteFactsOf(before))
                .isEqualTo(NOT_IN_ROWS_OF_ROUTES.contains(changed.getName()));
    }
}
