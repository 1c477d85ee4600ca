package dev.wayleave.storage.jdbc;

import dev.wayleave.storage.StoredEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

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
     */
    record Answer(String id, boolean isLocal, long begun, long ended, long revision, int events, int stored) {}

    /** Notes an answer when it comes, also if the agent does not wait for it any more. */
    void follow(String id, boolean isLocal, long begun, CompletableFuture<String[]> answer) {
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
                    Integer.parseInt(rest[2])));
        });
    }

    /** {@return all answers so far} */
    List<Answer> answers() {
        return List.copyOf(answers);
    }

    String figures() {
        return asked + " asked, " + answers.size() + " answered, " + failed + " failed";
    }

    /**
     * {@return what contradicts the events: a command that was applied twice, or was acknowledged and is not there, or
     * not there as a whole; and what contradicts the order of the revisions}
     */
    static List<String> contradictions(Collection<Answer> answers, List<StoredEvent> events) {
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
                operations.add(new History.Operation(
                        answer.id(), !found.isEmpty(), answer.begun(), answer.ended(), answer.revision()));
            }
        }
        contradictions.addAll(History.contradictions(operations));
        return contradictions;
    }
}
