package dev.wayleave.examples.cli.agent;

import dev.wayleave.examples.cli.source.ControlPlane;
import dev.wayleave.examples.cli.source.ServerEvent;
import dev.wayleave.examples.cli.text.BadInput;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One simulated node: registered, then connected, then heard every few seconds, until the connection breaks; then
 * connected anew.
 *
 * <p>Everything in it happens on the one thread of the loop; requests are made without waiting, so that thousands of
 * nodes need no thread each.
 */
public final class Agent {

    private static final String PATH = ControlPlane.OWN + "agent/";
    private static final int AT_ONCE = 16;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final long FIRST_WAIT = 1;
    private static final long LONGEST_WAIT = 10;

    private final NodeFacts facts;
    private final Environment around;
    private final Servers servers;
    private final Remarks remarks;
    private @Nullable String session;
    private RouteMessages received = new RouteMessages();

    /** Counts the connections, from 1; what belongs to an earlier one is no longer listened to. */
    private int connection;

    private long wait = FIRST_WAIT;
    private boolean gone;

    /** Whether it has complained that it is not answered; it does so once, until it is. */
    private boolean cutOff;

    /** Lets the next one register. */
    private Runnable next = () -> {};

    private @Nullable CompletableFuture<?> stream;

    public Agent(NodeFacts facts, Environment around) {
        this.facts = facts;
        this.around = around;
        this.servers = new Servers(around.servers());
        this.remarks = new Remarks(words -> around.errors().print(facts.name(), words));
    }

    /**
     * The things that all nodes of a process share.
     *
     * @param servers asked with the key that registers; one, or the replicas of one tailnet
     * @param loop the one thread
     * @param messages prints what a node received
     * @param errors where to report what went wrong
     * @param gone run when a node has ended for good
     */
    public record Environment(
            List<ControlPlane> servers,
            ScheduledExecutorService loop,
            MessagePrinter messages,
            ErrorPrinter errors,
            Runnable gone) {}

    /** Prints what a node received: in words, and as it came. */
    public interface MessagePrinter {
        void print(String agent, String words, ServerEvent event);
    }

    /** Prints what went wrong. */
    public interface ErrorPrinter {
        void print(String agent, String words);
    }

    /** Registers all, some at a time; each connects as soon as it is known. */
    public static void start(Collection<Agent> agents, Environment around) {
        Deque<Agent> waiting = new ArrayDeque<>(agents);
        around.loop().execute(() -> {
            for (int i = 0; i < AT_ONCE; i++) {
                startNext(waiting);
            }
        });
    }

    private static void startNext(Deque<Agent> waiting) {
        Agent agent = waiting.poll();
        if (agent != null) {
            agent.next = () -> startNext(waiting);
            agent.register();
        }
    }

    /** Gives its place among those that register to another agent: once, after success and after failure. */
    private void makeRoom() {
        Runnable waiting = next;
        next = () -> {};
        waiting.run();
    }

    private record Registration(
            String name, String hostKey, @Nullable String user, List<String> tags) {}

    private void register() {
        String user = facts.user().isEmpty() ? null : facts.user();
        HttpRequest request = servers.now()
                .request(PATH + "register", "POST", new Registration(facts.name(), facts.name(), user, facts.tags()));
        ask(
                request,
                answer -> {
                    servers.registered(answer.path("key").asString(""));
                    connect();
                    makeRoom();
                },
                this::register);
    }

    private void connect() {
        int mine = ++connection;
        ask(
                post("connect", Map.of()),
                connected -> {
                    session = connected.path("session").asString("");
                    long every = facts.every(connected.path("keepAliveSeconds").asInt(10));
                    advertise(mine);
                    later(every, () -> keepAlive(mine, every));
                },
                this::connect);
    }

    private void advertise(int mine) {
        if (isCurrent(mine)) {
            ask(post("advertise", Map.of("routes", facts.routes())), advertised -> listen(mine), () -> advertise(mine));
        }
    }

    private void keepAlive(int mine, long every) {
        if (isCurrent(mine)) {
            ask(
                    post("keep-alive", session()),
                    heard -> {
                        wait = FIRST_WAIT;
                        later(every, () -> keepAlive(mine, every));
                    },
                    () -> keepAlive(mine, every));
        }
    }

    private boolean isCurrent(int mine) {
        return mine == connection && !gone;
    }

    private void reconnect(int lost) {
        if (!isCurrent(lost)) {
            return;
        }
        connection++;
        session = null;
        if (stream != null) {
            boolean ignored = stream.cancel(true);
        }
        later(longer(), this::connect);
    }

    /** The time to wait now; the next time it is longer. */
    private long longer() {
        long now = wait;
        wait = Math.min(LONGEST_WAIT, wait * 2);
        return now;
    }

    /** Takes leave, so that the server need not find out; the task runs when it knows. */
    public void leave(Runnable left) {
        boolean connected = session != null && !gone;
        gone = true;
        if (!connected) {
            left.run();
            return;
        }
        HttpRequest farewell = post("disconnect", session());
        var ignored = servers.now()
                .http()
                .sendAsync(farewell, BodyHandlers.discarding())
                .whenComplete((answer, failure) -> left.run());
    }

    private void end(String reason) {
        if (!gone) {
            gone = true;
            around.errors().print(facts.name(), reason);
            around.gone().run();
            makeRoom();
        }
    }

    // ---- the stream

    private void listen(int mine) {
        if (!isCurrent(mine)) {
            return;
        }
        HttpRequest request = servers.now()
                .request(PATH + "stream?session=" + ControlPlane.part(String.valueOf(session)))
                .GET()
                .build();
        CompletableFuture<HttpResponse<String>> listening = servers.now()
                .http()
                .sendAsync(
                        request,
                        head -> head.statusCode() == OK
                                ? BodySubscribers.mapping(
                                        BodySubscribers.fromLineSubscriber(new Listener(mine)), ended -> "")
                                : BodySubscribers.ofString(StandardCharsets.UTF_8));
        stream = listening;
        var ignored = listening.whenCompleteAsync(
                (answer, failure) -> {
                    if (!isCurrent(mine)) {
                        return;
                    }
                    if (answer == null || answer.statusCode() == OK) {
                        // never begun, broken or ended
                        servers.moveOn();
                        reconnect(mine);
                    } else {
                        // keep-alives hold the session until the server takes the stream
                        answered(answer, failure, refusal -> {}, () -> listen(mine));
                    }
                },
                around.loop());
    }

    private void hear(int mine, ServerEvent event) {
        if (!isCurrent(mine)) {
            return;
        }
        wait = FIRST_WAIT;
        if (event.kind().equals("removed")) {
            end("removed by the server");
            return;
        }
        received.take(event).forEach(words -> around.messages().print(facts.name(), words, event));
    }

    /** Hands the lines of a stream to the loop. */
    private final class Listener implements Flow.Subscriber<String> {

        private final int mine;
        private final ServerEvent.Lines lines = new ServerEvent.Lines();

        Listener(int mine) {
            this.mine = mine;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            lines.take(line).ifPresent(event -> around.loop().execute(() -> hear(mine, event)));
        }

        @Override
        public void onError(Throwable failure) {
            // the answer as a whole fails, too
        }

        @Override
        public void onComplete() {
            // the answer as a whole is complete, too
        }
    }

    // ---- requests

    private HttpRequest post(String what, Object body) {
        return servers.now().request(PATH + what, "POST", body);
    }

    private Object session() {
        return Map.of("session", String.valueOf(session));
    }

    /** Asks without waiting; what may pass is tried again, what may not ends the node. */
    private void ask(HttpRequest request, Consumer<JsonNode> then, Runnable again) {
        int asked = connection;
        var ignored = servers.now()
                .http()
                .sendAsync(request, BodyHandlers.ofString())
                .whenCompleteAsync(
                        (answer, failure) -> {
                            if (isCurrent(asked)) {
                                answered(answer, failure, then, again);
                            }
                        },
                        around.loop());
    }

    private void answered(
            @Nullable HttpResponse<String> answer,
            @Nullable Throwable failure,
            Consumer<JsonNode> then,
            Runnable again) {
        if (answer == null) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            String words = cause instanceof IOException broken
                    ? String.valueOf(servers.now().unreachable(broken).getMessage())
                    : String.valueOf(cause);
            notAnswered(words);
            elsewhere(() -> later(longer(), again));
            return;
        }
        int status = answer.statusCode();
        Runnable asAsked = () -> later(
                Math.max(
                        FIRST_WAIT,
                        answer.headers().firstValueAsLong("Retry-After").orElseGet(this::longer)),
                again);
        if (status == TOO_MANY) {
            asAsked.run();
            return;
        }
        if (status >= SERVER_ERROR) {
            notAnswered("the server answered " + status + "; trying again");
            elsewhere(asAsked);
            return;
        }
        cutOff = false;
        if (status == CONFLICT && session != null) {
            reconnect(connection);
        } else if (status == UNAUTHORIZED && servers.mayKnowKey()) {
            servers.moveOn();
            reconnect(connection);
        } else if (status == UNAUTHORIZED && connection > 0) {
            end("its key holds no longer: another agent may have taken its place, or the node is removed");
        } else {
            servers.keyIsKnown();
            try {
                then.accept(remarks.print(servers.now().answer(answer)));
            } catch (BadInput refused) {
                end(String.valueOf(refused.getMessage()));
            }
        }
    }

    /** Goes on at the next server; where there is none, and before the node is registered, tries again. */
    private void elsewhere(Runnable tryAgain) {
        servers.moveOn();
        if (servers.areSeveral() && connection > 0) {
            reconnect(connection);
        } else {
            tryAgain.run();
        }
    }

    private void notAnswered(String words) {
        if (!cutOff) {
            around.errors().print(facts.name(), words);
        }
        cutOff = true;
    }

    private void later(long seconds, Runnable task) {
        var ignored = around.loop()
                .schedule(
                        () -> {
                            if (!gone) {
                                task.run();
                            }
                        },
                        seconds,
                        TimeUnit.SECONDS);
    }
}
