package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.policy.PolicyException;
import dev.wayleave.policy.PolicyReader;
import dev.wayleave.policy.RoutingPolicy;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundPolicy;
import dev.wayleave.storage.jdbc.headscale.RowReason.NoRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads the policy from the table {@code policies}, which keeps every policy that was ever set: the newest row counts.
 */
final class PolicyTable {

    private static final String DATA = "data";

    private long newestId;
    private Optional<LenientRow> newest = Optional.empty();

    private PolicyTable() {}

    static Optional<FoundPolicy> read(RawTable table, List<ImportFinding> findings) {
        PolicyTable policies = new PolicyTable();
        if (table.has("id") && table.has(DATA)) {
            LenientRow.all(table, findings).forEach(policies::add);
        }
        return policies.newest.map(PolicyTable::found);
    }

    private void add(LenientRow row) {
        Optional<Long> id = row.number("id");
        if (id.isEmpty()) {
            row.report(new RowReason.RowLeftOut(NoRow.WITHOUT_ID));
        } else if (!row.isNull("deleted_at")) {
            row.report(new RowReason.RowLeftOut(NoRow.DELETED));
        } else if (newest.isEmpty() || id.get() > newestId) {
            newestId = id.get();
            newest = Optional.of(row);
        }
    }

    private static FoundPolicy found(LenientRow row) {
        Optional<Instant> written = row.instant("updated_at").or(() -> row.instant("created_at"));
        String text = row.text(DATA).orElse("");
        RoutingPolicy policy = null;
        try {
            policy = PolicyReader.read(text);
        } catch (PolicyException refused) {
            row.report(new PolicyReason.PolicyUnreadable(DATA, refused.problems()));
        }
        return new FoundPolicy(row.table(), row.id(), written.orElse(null), text, policy);
    }
}
