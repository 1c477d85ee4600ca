package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportFinding.NoRow;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table {@code policies}, which keeps every policy that was ever set: the newest row is the one that holds. */
final class PolicyTable {

    private static final String DATA = "data";

    private long newestId;
    private Optional<RowReading> newest = Optional.empty();

    private PolicyTable() {}

    static Optional<FoundPolicy> read(RawTable table, List<ImportFinding> findings) {
        PolicyTable policies = new PolicyTable();
        if (table.has("id") && table.has(DATA)) {
            RowReading.all(table, findings).forEach(policies::add);
        }
        return policies.newest.map(PolicyTable::found);
    }

    private void add(RowReading row) {
        Optional<Long> id = row.number("id");
        if (id.isEmpty()) {
            row.report(new ImportFinding.RowLeftOut(NoRow.WITHOUT_ID));
        } else if (!row.isNull("deleted_at")) {
            row.report(new ImportFinding.RowLeftOut(NoRow.DELETED));
        } else if (newest.isEmpty() || id.get() > newestId) {
            newestId = id.get();
            newest = Optional.of(row);
        }
    }

    private static FoundPolicy found(RowReading row) {
        Optional<Instant> written = row.instant("updated_at").or(() -> row.instant("created_at"));
        String text = row.text(DATA).orElse("");
        RoutingPolicy policy = null;
        try {
            policy = PolicyReader.read(text);
        } catch (PolicyException refused) {
            row.report(new ImportFinding.PolicyUnreadable(DATA, refused.problems()));
        }
        return new FoundPolicy(row.table(), row.id(), written.orElse(null), text, policy);
    }
}
