package dev.wayleave.testing;

import java.util.Collection;
import java.util.List;
import net.jqwik.api.domains.DomainContextBase;
import net.jqwik.api.providers.ArbitraryProvider;

/**
 * The generators of {@link RoutingArbitraries} as a jqwik domain, for tests that run inside a named module, where jqwik
 * finds no services: {@code @Domain(RoutingDomain.class)}.
 */
public final class RoutingDomain extends DomainContextBase {

    @Override
    public Collection<ArbitraryProvider> getArbitraryProviders() {
        return List.of(new RoutingArbitraryProvider());
    }
}
