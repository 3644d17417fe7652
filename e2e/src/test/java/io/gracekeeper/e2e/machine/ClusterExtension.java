package io.gracekeeper.e2e.machine;

import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives tests one cluster for the whole run: started by the first class that asks, ended after the last one, its logs kept where
 * any of them failed.
 *
 * @param <C> what tests get
 */
public abstract class ClusterExtension<C extends AutoCloseable>
        implements ParameterResolver, TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private final Class<C> type;
    private final Supplier<C> start;

    /**
     * One for subclasses, which only say what to start.
     *
     * @param start makes the object whose closing ends the cluster
     */
    protected ClusterExtension(Class<C> type, Supplier<C> start) {
        // Conditions come true in moments; this is for a machine that does something else besides.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        this.type = type;
        this.start = start;
    }

    /** Has the logs of a cluster kept. */
    protected abstract void keepLogs(C cluster);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == type;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw afterKeepingLogs(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw afterKeepingLogs(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw afterKeepingLogs(context, failure);
    }

    private Throwable afterKeepingLogs(ExtensionContext context, Throwable failure) {
        Attempt attempt = store(context).get(type, Attempt.class);
        if (attempt != null && attempt.cluster != null) {
            keepLogs(type.cast(attempt.cluster));
        }
        return failure;
    }

    private C cluster(ExtensionContext context) {
        Attempt attempt = store(context).computeIfAbsent(type, key -> Attempt.at(start), Attempt.class);
        if (attempt.cluster == null) {
            throw new IllegalStateException("the cluster of this run could not be started", attempt.failure);
        }
        return type.cast(attempt.cluster);
    }

    /** The root's store closes what it holds after the last class. */
    private ExtensionContext.Store store(ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(type));
    }

    /** What came of the one attempt to start it: a class that comes later does not wait for the same failure again. */
    private record Attempt(
            @Nullable AutoCloseable cluster, @Nullable Throwable failure) implements AutoCloseable {
        static Attempt at(Supplier<? extends AutoCloseable> start) {
            try {
                return new Attempt(start.get(), null);
            } catch (RuntimeException | Error e) {
                return new Attempt(null, e);
            }
        }

        @Override
        public void close() throws Exception {
            if (cluster != null) {
                cluster.close();
            }
        }
    }
}
