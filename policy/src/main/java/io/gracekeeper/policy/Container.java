package io.gracekeeper.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container that takes part in the termination of its pod.
 *
 * @param name empty where the manifest has none; the API server refuses that after us
 * @param index in its list
 * @param nativeSidecar an init container with {@code restartPolicy: Always}
 * @param field its path, for instance {@code spec.template.spec.containers[app]}
 * @param tcpPorts those that make it serving: not named metrics, prometheus, health or debug
 * @param preStop its hook, with the length that its author declares for it
 * @param emptyLifecycle whether it has a {@code lifecycle} without content, which a later strip has to leave behind
 * @param appDelaySeconds how long the app itself goes on serving after its stop signal, as its author declares; 0 where nobody does
 * @param readinessProbe whether it has one
 * @param stopSignal {@code lifecycle.stopSignal}; null where the image's holds
 * @param command {@code command}; empty where the image's entrypoint holds
 * @param args {@code args}
 */
public record Container(
        String name,
        int index,
        boolean nativeSidecar,
        String field,
        List<Integer> tcpPorts,
        PreStop preStop,
        boolean emptyLifecycle,
        long appDelaySeconds,
        boolean readinessProbe,
        @Nullable String stopSignal,
        List<String> command,
        List<String> args) {
    /** Copies the lists. */
    public Container {
        tcpPorts = List.copyOf(tcpPorts);
        command = List.copyOf(command);
        args = List.copyOf(args);
    }

    /** Whether it is a main container that clients reach by TCP. Services play no part: they may be applied later. */
    public boolean serving() {
        return !nativeSidecar && !tcpPorts.isEmpty();
    }

    /** The same container with another hook. */
    public Container withPreStop(PreStop other) {
        return new Container(
                name,
                index,
                nativeSidecar,
                field,
                tcpPorts,
                other,
                emptyLifecycle,
                appDelaySeconds,
                readinessProbe,
                stopSignal,
                command,
                args);
    }

    /** How a text names it. */
    public String display() {
        return name.isEmpty() ? "#" + index : name;
    }

    /** The path of its hook, for instance {@code spec.template.spec.containers[app].lifecycle.preStop}. */
    public String preStopField() {
        return field + ".lifecycle.preStop";
    }
}
