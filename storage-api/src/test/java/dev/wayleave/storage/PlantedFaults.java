package dev.wayleave.storage;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts the calls of each point of a test, and throws at some of them. */
final class PlantedFaults {

    /** What is thrown. */
    enum Kind {
        RUNTIME_EXCEPTION(() -> new IllegalStateException("planted")),
        ERROR(() -> new StackOverflowError("planted")),
        /** What hosts in other languages throw without declaring it. */
        CHECKED_EXCEPTION(() -> new IOException("planted")),
        /** What breaks the log, too. */
        UNPRINTABLE(Unprintable::new);

        private final Supplier<Throwable> maker;

        Kind(Supplier<Throwable> maker) {
            this.maker = maker;
        }

        /** Throws it, whether it is declared or not. */
        RuntimeException thrown() {
            throw PlantedFaults.<RuntimeException>sneaky(maker.get());
        }
    }

    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("unprintable");
        }
    }

    static final String SCHEDULE = "scheduler.schedule";

    private final Map<String, Integer> calls = new TreeMap<>();
    private String point = "";
    private int from;
    private int until;
    private Kind kind = Kind.ERROR;

    /** From one call of a point to another call, the calls throw. */
    void plant(String where, int first, int afterLast, Kind what) {
        point = where;
        from = first;
        until = afterLast;
        kind = what;
    }

    /** From now on all calls of a point throw. */
    void plant(String where, Kind what) {
        plant(where, calls(where) + 1, Integer.MAX_VALUE, what);
    }

    /** The next call of a point throws. */
    void plantOnce(String where, Kind what) {
        plant(where, calls(where) + 1, calls(where) + 2, what);
    }

    void call(String where) {
        int call = calls.merge(where, 1, Integer::sum);
        if (where.equals(point) && call >= from && call < until) {
            throw kind.thrown();
        }
    }

    // what a host gives to a controller or to tailnets, each with its point

    InstantSource clock(ManualHost host) {
        return () -> {
            call("clock");
            return host.instant();
        };
    }

    LongSupplier steadyNanos(ManualHost host) {
        return () -> {
            call("steadyNanos");
            return host.steadyNanos();
        };
    }

    /** It throws before or after it has taken a task. */
    Executor executor(ManualHost host) {
        return task -> {
            call("executor.before");
            host.execute(task);
            call("executor.after");
        };
    }

    /** It throws before it takes a task. */
    ScheduledExecutorService scheduler(ManualHost host) {
        return proxy(ScheduledExecutorService.class, (method, arguments) -> {
            if (!method.getName().equals("schedule")) {
                return method.invoke(host, arguments);
            }
            call(SCHEDULE);
            Object timer = method.invoke(host, arguments);
            return proxy(ScheduledFuture.class, (ofTimer, given) -> {
                if (ofTimer.getName().equals("cancel")) {
                    call("scheduler.cancel");
                }
                return ofTimer.invoke(timer, given);
            });
        });
    }

    /** Each of its methods is a point. */
    RoutingObserver observer() {
        return proxy(RoutingObserver.class, (method, arguments) -> {
            call("observer." + method.getName());
            return null;
        });
    }

    @FunctionalInterface
    private interface Handler {
        Object handle(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(Class<? super T> type, Handler handler) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            try {
                return handler.handle(method, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    DoubleSupplier random() {
        return () -> {
            call("random");
            return 0;
        };
    }

    /** How often a point was called. */
    int calls(String where) {
        return calls.getOrDefault(where, 0);
    }

    Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable throwable) throws T {
        throw (T) throwable;
    }
}
