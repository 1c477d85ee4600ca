package dev.wayleave.storage.jdbc;

import dev.wayleave.json.RoutingJson;
import dev.wayleave.row.StateRows;
import dev.wayleave.storage.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What all agents asked, and what was answered: whether the stored events agree with it. */
final class AgentRecord {

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /**
     * An answer.
     *
     * @param id the correlation id of the question
     * @param isLocal whether it shows nothing about the order of revisions: a keep-alive
     * @param begun when it was asked, in steady nanoseconds
     * @param ended when the answer came
     * @param revision the revision of the answer
     * @param events how many events its receipt had
     * @param stored how many of these are stored in any case
     * @param expectation what the question expected; null if it was to be applied to any revision
     * @param rows a hash of the rows that a read showed; null if the answer showed none
     */
    record Answer(
            String id,
            boolean isLocal,
            long begun,
            long ended,
            long revision,
            int events,
            int stored,
            @Nullable Expectation expectation,
            @Nullable String rows) {

        Answer(
                String id,
                boolean isLocal,
                long begun,
                long ended,
                long revision,
                int events,
                int stored,
                @Nullable Expectation expectation) {
            this(id, isLocal, begun, ended, revision, events, stored, expectation, null);
        }
    }

    /** The rows of a revision, as they were loaded from the store: their hash. */
    record Load(long revision, String rows) {}

    /**
     * A question that is to be applied to one revision alone, which the agent had read.
     *
     * @param revision that revision
     * @param isMet whether it was applied; otherwise it was refused for a newer revision
     */
    record Expectation(long revision, boolean isMet) {}

    /**
     * Notes an answer when it comes, also if the agent does not wait for it any more.
     *
     * @param expected the revision that the question expects; null if it expects none
     */
    void follow(String id, boolean isLocal, @Nullable Long expected, long begun, CompletableFuture<String[]> answer) {
        asked.incrementAndGet();
        var unused = answer.thenAccept(words -> {
            if (words[0].equals("failed")) {
                failed.incrementAndGet();
                return;
            }
            String[] rest = words[3].split(" ");
            answers.add(new Answer(
                    id,
                    isLocal,
                    begun,
                    System.nanoTime(),
                    Long.parseLong(words[2]),
                    Integer.parseInt(rest[1]),
                    Integer.parseInt(rest[2]),
                    expected == null ? null : new Expectation(expected, !rest[0].equals("outdated")),
                    rest.length > 3 && !rest[3].equals("-") ? rest[3] : null));
        });
    }

    /** {@return all answers so far} */
    List<Answer> answers() {
        return List.copyOf(answers);
    }

    String figures() {
        return asked + " asked, " + answers.size() + " answered, " + failed + " failed, expected revisions: "
                + expected(true) + " met, " + expected(false) + " outdated";
    }

    /** {@return a hash of rows, the same in each process} */
    static String hash(StateRows rows) {
        return UUID.nameUUIDFromBytes(RoutingJson.write(rows).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** {@return how many reads showed rows of a revision of which other reads or loads did, too} */
    static long compared(Collection<Answer> answers, Collection<Load> loads) {
        Map<Long, Integer> shown = new HashMap<>();
        loads.forEach(load -> shown.merge(load.revision(), 1, Integer::sum));
        List<Answer> reads =
                answers.stream().filter(answer -> answer.rows() != null).toList();
        reads.forEach(read -> shown.merge(read.revision(), 1, Integer::sum));
        return reads.stream().filter(read -> shown.get(read.revision()) > 1).count();
    }

    private long expected(boolean isMet) {
        return answers.stream()
                .map(Answer::expectation)
                .filter(expectation -> expectation != null && expectation.isMet() == isMet)
                .count();
    }

    /**
     * {@return what contradicts the events: a command that was applied twice, or was acknowledged and is not there, or
     * not there as a whole; what contradicts an expected revision; and what contradicts the order of the revisions, or
     * their rows}
     */
    static List<String> contradictions(Collection<Answer> answers, List<StoredEvent> events) {
        return contradictions(answers, events, Set.of());
    }

    /** The same, with rows that were loaded meanwhile. */
    static List<String> contradictions(Collection<Answer> answers, List<StoredEvent> events, Collection<Load> loads) {
        Map<String, Map<Long, Integer>> stored = new HashMap<>();
        for (StoredEvent event : events) {
            event.correlationId()
                    .ifPresent(id -> stored.computeIfAbsent(id, each -> new HashMap<>())
                            .merge(event.position().revision().value(), 1, Integer::sum));
        }
        List<String> contradictions = new ArrayList<>();
        stored.forEach((id, revisions) -> {
            if (revisions.size() > 1) {
                contradictions.add(id + " was applied in several revisions: " + revisions);
            }
        });
        List<History.Operation> operations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Answer answer : answers) {
            Map<Long, Integer> found = stored.getOrDefault(answer.id(), Map.of());
            boolean isThere = found.equals(Map.of(answer.revision(), answer.events()));
            if (!isThere && (answer.stored() > 0 || !found.isEmpty())) {
                contradictions.add(answer + " is not in the events once: " + found);
            }
            if (!seen.add(answer.id())) {
                contradictions.add(answer + " is the second answer");
            }
            if (!answer.isLocal() || !found.isEmpty()) {
                // a process refuses by the revision that it has, which may be older than the newest
                boolean isRefused =
                        answer.expectation() != null && !answer.expectation().isMet();
                long begun = isRefused ? Long.MIN_VALUE : answer.begun();
                operations.add(new History.Operation(
                        answer.id(),
                        !found.isEmpty(),
                        !found.isEmpty() && answer.stored() > 0,
                        begun,
                        answer.ended(),
                        answer.revision(),
                        answer.rows()));
            }
        }
        loads.forEach(load -> operations.add(History.Operation.ofLoad(load.revision(), load.rows())));
        contradictions.addAll(contradictedExpectations(answers));
        contradictions.addAll(History.contradictions(operations));
        return contradictions;
    }

    /**
     * A command that expects a revision makes the next one, as the first of its commit; or there is a newer revision.
     * So of all commands that expect one revision, one at most is applied.
     */
    private static List<String> contradictedExpectations(Collection<Answer> answers) {
        List<String> contradictions = new ArrayList<>();
        Map<Long, Answer> applied = new HashMap<>();
        for (Answer answer : answers) {
            Expectation expectation = answer.expectation();
            if (expectation == null) {
                continue;
            }
            if (!expectation.isMet()) {
                if (answer.revision() <= expectation.revision()) {
                    contradictions.add(answer + " was refused without a newer revision");
                }
                continue;
            }
            boolean isUnchanged = answer.events() == 0 && answer.revision() == expectation.revision();
            if (!isUnchanged && answer.revision() != expectation.revision() + 1) {
                contradictions.add(answer + " was applied to another revision");
            }
            Answer other = answer.events() > 0 ? applied.putIfAbsent(expectation.revision(), answer) : null;
            if (other != null) {
                contradictions.add(answer + " was applied to the same revision as " + other);
            }
        }
        return contradictions;
    }
}
