package dev.wayleave.storage.jdbc.headscale;

import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundNode;
import dev.wayleave.storage.jdbc.headscale.ImportReport.FoundUser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The findings of one import, in the order in which they are made. For one thread. */
final class Findings {

    private final List<ImportFinding> all = new ArrayList<>();

    List<ImportFinding> all() {
        return all;
    }

    void add(FoundNode found, ImportFinding.Reason reason) {
        add(found.table(), found.row(), reason);
    }

    void add(FoundUser found, ImportFinding.Reason reason) {
        add(found.table(), found.row(), reason);
    }

    /** Adds a finding about the database or the tailnet as a whole. */
    void addOfDatabase(ImportFinding.Reason reason) {
        add(ImportFinding.DATABASE, null, reason);
    }

    void add(String table, @Nullable String row, ImportFinding.Reason reason) {
        all.add(new ImportFinding(table, row, reason));
    }
}
