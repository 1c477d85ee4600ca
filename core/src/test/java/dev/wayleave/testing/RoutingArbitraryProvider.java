package dev.wayleave.testing;

import static java.util.Map.entry;

import dev.wayleave.RoutingState;
import dev.wayleave.command.Command;
import dev.wayleave.command.Submission;
import dev.wayleave.event.RouteEvent;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.NodeId;
import dev.wayleave.mesh.Owner;
import dev.wayleave.mesh.SessionId;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.IpAddress;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.row.StateRows;
import dev.wayleave.settings.RoutingSettings;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Makes the generators the defaults of their types in jqwik; registered as a service of the test-jar. */
public final class RoutingArbitraryProvider implements ArbitraryProvider {

    private static final Map<Class<?>, Supplier<Arbitrary<?>>> BY_TYPE = Map.ofEntries(
            entry(IpAddress.class, RoutingArbitraries::addresses),
            entry(Prefix.class, RoutingArbitraries::prefixes),
            entry(NodeId.class, RoutingArbitraries::nodeIds),
            entry(Owner.class, RoutingArbitraries::owners),
            entry(SessionId.class, RoutingArbitraries::sessions),
            entry(Node.class, RoutingArbitraries::nodes),
            entry(Users.class, RoutingArbitraries::users),
            entry(RoutingPolicy.class, PolicyArbitraries::policies),
            entry(RoutingSettings.class, RoutingArbitraries::settings),
            entry(Command.class, RoutingArbitraries::commands),
            entry(Submission.class, RoutingArbitraries::submissions),
            entry(Script.class, RoutingArbitraries::scripts),
            entry(RoutingState.class, RoutingArbitraries::states),
            entry(StateRows.class, RoutingArbitraries::rows),
            entry(RouteEvent.class, RoutingArbitraries::events));

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return BY_TYPE.containsKey(type.getRawType());
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        return Set.of(BY_TYPE.get(type.getRawType()).get());
    }
}
