package dev.wayleave.testing;

import dev.wayleave.command.Command;
import dev.wayleave.mesh.Node;
import dev.wayleave.mesh.Users;
import dev.wayleave.net.Prefix;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.settings.RoutingSettings;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Makes the generators the defaults of their types in jqwik; registered as a service of the test-jar. */
public final class RoutingArbitraryProvider implements ArbitraryProvider {

    private static final Map<Class<?>, Supplier<Arbitrary<?>>> BY_TYPE = Map.of(
            Prefix.class, RoutingArbitraries::prefixes,
            Node.class, RoutingArbitraries::nodes,
            Users.class, RoutingArbitraries::users,
            RoutingPolicy.class, RoutingArbitraries::policies,
            RoutingSettings.class, RoutingArbitraries::settings,
            Command.class, RoutingArbitraries::commands,
            Script.class, RoutingArbitraries::scripts);

    @Override
    public boolean canProvideFor(TypeUsage type) {
        return BY_TYPE.containsKey(type.getRawType());
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage type, SubtypeProvider subtypes) {
        return Set.of(BY_TYPE.get(type.getRawType()).get());
    }
}
