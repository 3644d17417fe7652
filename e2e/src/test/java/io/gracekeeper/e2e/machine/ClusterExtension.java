package io.gracekeeper.e2e.machine;

import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
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
        C running = context.getRoot().getStore(Namespace.create(type)).get(type, type);
        if (running != null) {
            keepLogs(running);
        }
        return failure;
    }

    private C cluster(ExtensionContext context) {
        // The root's store closes what it holds after the last class.
        return context.getRoot().getStore(Namespace.create(type)).computeIfAbsent(type, key -> start.get(), type);
    }
}
