package dev.wayleave.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Carries the messages of the processes in one test with delays: each waits for each receiver until the test lets it
 * arrive, and those of one sender stay in order.
 */
final class DelayingChannel implements SessionChannel {

    private record Message(Member from, String text) {}

    private final List<Member> members = new ArrayList<>();
    private final List<List<Message>> waiting = new ArrayList<>();

    @Override
    public Membership join(Member member) {
        members.add(member);
        waiting.add(new ArrayList<>());
        return new Membership() {
            @Override
            public void wake() {
                // the test asks
            }

            @Override
            public void close() {
                // no process closes
            }
        };
    }

    /** A process sends what it has; some of it is lost, without notice. */
    void send(int index, Random random, boolean mayLose) {
        Member from = members.get(index);
        for (Optional<String> next = from.nextMessage(); next.isPresent(); next = from.nextMessage()) {
            Message message = new Message(from, next.get());
            for (List<Message> queue : waiting) {
                if (!mayLose || random.nextInt(8) > 0) {
                    queue.add(message);
                }
            }
        }
    }

    /** The first message of some sender arrives at a process; false if none waits. */
    boolean arrive(int index, Random random) {
        List<Message> queue = waiting.get(index);
        if (queue.isEmpty()) {
            return false;
        }
        Member sender = queue.get(random.nextInt(queue.size())).from();
        int first = 0;
        while (queue.get(first).from() != sender) {
            first++;
        }
        members.get(index).received(queue.remove(first).text());
        return true;
    }

    /** Each process may have missed messages. */
    void listening() {
        members.forEach(Member::listening);
    }

    boolean isQuiet() {
        return waiting.stream().allMatch(List::isEmpty);
    }
}
