package dev.wayleave.examples.cli.source;

import dev.wayleave.RoutingState;
import dev.wayleave.examples.cli.text.BadInput;
import dev.wayleave.mesh.Actor;
import dev.wayleave.mesh.TailnetId;
import dev.wayleave.row.RowChanges;
import dev.wayleave.row.TailnetRow;
import dev.wayleave.settings.RoutingSettings;
import dev.wayleave.storage.Commit;
import dev.wayleave.storage.CommitOutcome;
import dev.wayleave.storage.CommitToken;
import dev.wayleave.storage.Revision;
import dev.wayleave.storage.RoutingStore;
import dev.wayleave.storage.StoredTailnet;
import dev.wayleave.storage.jdbc.headscale.HeadscaleImport;
import dev.wayleave.storage.jdbc.headscale.ImportChoices;
import dev.wayleave.storage.jdbc.headscale.ImportPlan;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tailnet in a store that an import goes into: decide on what is there, commit, and decide again if it changed. */
public final class ImportTarget {

    private static final Actor ACTOR = new Actor("wayleave import-headscale");
    private static final int ATTEMPTS = 5;

    private final RoutingStore store;
    private final TailnetId tailnet;
    private final ImportChoices choices;
    private final Clock clock;

    public ImportTarget(RoutingStore store, TailnetId tailnet, ImportChoices choices, Clock clock) {
        this.store = store;
        this.tailnet = tailnet;
        this.choices = choices;
        this.clock = clock;
    }

    /**
     * The result of an import.
     *
     * @param plan what was decided
     * @param revisionOrNull the revision of the tailnet that holds it; null if nothing was written or nothing had to be
     */
    public record Result(ImportPlan plan, @Nullable Revision revisionOrNull) {

        public Optional<Revision> revision() {
            return Optional.ofNullable(revisionOrNull);
        }
    }

    /** The plan of an import into a new tailnet. */
    public static ImportPlan intoNothing(HeadscaleImport read, TailnetId tailnet, ImportChoices choices, Instant now) {
        return read.into(RoutingState.empty(tailnet, RoutingSettings.DEFAULT, now), choices, ACTOR, now);
    }

    /** The plan of the import. */
    public ImportPlan plan(HeadscaleImport read) {
        Instant now = clock.instant();
        return read.into(state(store.load(tailnet).orElse(null), now), choices, ACTOR, now);
    }

    public Result write(HeadscaleImport read) {
        for (int attempt = 1; ; attempt++) {
            Instant now = clock.instant();
            StoredTailnet stored = store.load(tailnet).orElse(null);
            RoutingState state = state(stored, now);
            ImportPlan plan = read.into(state, choices, ACTOR, now);
            if (plan.step().rowChanges().isEmpty()) {
                return new Result(plan, null);
            }
            Commit commit = commit(stored, plan, now);
            CommitOutcome outcome = store.commit(commit);
            if (outcome instanceof CommitOutcome.Committed committed) {
                return new Result(plan, committed.revision());
            }
            if (outcome instanceof CommitOutcome.Unknown && isWritten(commit)) {
                return new Result(plan, commit.expected().next());
            }
            if (attempt == ATTEMPTS) {
                throw new BadInput(
                        "tailnet `" + tailnet + "` keeps changing: import while its control plane is stopped");
            }
        }
    }

    private RoutingState state(@Nullable StoredTailnet stored, Instant now) {
        return stored == null
                ? RoutingState.empty(tailnet, RoutingSettings.DEFAULT, now)
                : RoutingState.restore(stored.rows(), now);
    }

    private Commit commit(@Nullable StoredTailnet stored, ImportPlan plan, Instant now) {
        RowChanges change = plan.step().rowChanges();
        if (stored == null) {
            TailnetRow row = plan.step().next().rows().tailnet();
            change = new RowChanges(row, change.users(), change.nodes(), change.routes());
        }
        return new Commit(
                tailnet,
                stored == null ? Revision.NONE : stored.revision(),
                stored == null ? null : stored.token(),
                new CommitToken(UUID.randomUUID().toString()),
                now,
                change,
                plan.step().events());
    }

    /** Where it is not, the next attempt on the same revision settles it. */
    private boolean isWritten(Commit commit) {
        return store.load(tailnet)
                .filter(found -> found.revision().equals(commit.expected().next()))
                .filter(found -> found.token().equals(commit.token()))
                .isPresent();
    }
}
