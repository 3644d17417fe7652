package io.gracekeeper.policy;

import java.util.List;

/**
 * A container that takes part in the termination of its pod.
 *
 * @param name empty where the manifest has none; the API server refuses that after us
 * @param index in its list
 * @param nativeSidecar an init container with {@code restartPolicy: Always}
 * @param tcpPorts those that make it serving: not named metrics, prometheus, health or debug
 * @param preStop its hook
 * @param emptyLifecycle whether it has a {@code lifecycle} without content, which a later strip has to leave behind
 */
public record Container(
        String name,
        int index,
        boolean nativeSidecar,
        List<Integer> tcpPorts,
        PreStop preStop,
        boolean emptyLifecycle) {
    /** Copies the list. */
    public Container {
        tcpPorts = List.copyOf(tcpPorts);
    }

    /** Whether it is a main container that clients reach by TCP. Services play no part: they may be applied later. */
    public boolean serving() {
        return !nativeSidecar && !tcpPorts.isEmpty();
    }

    /** The same container with another hook. */
    public Container withPreStop(PreStop other) {
        return new Container(name, index, nativeSidecar, tcpPorts, other, emptyLifecycle);
    }

    /** How a text names it. */
    public String display() {
        return name.isEmpty() ? "#" + index : name;
    }

    /** The path of its hook, for instance {@code spec.template.spec.containers[app].lifecycle.preStop}. */
    public String preStopField() {
        return "spec.template.spec." + (nativeSidecar ? "initContainers" : "containers") + "["
                + (name.isEmpty() ? String.valueOf(index) : name) + "].lifecycle.preStop";
    }
}
