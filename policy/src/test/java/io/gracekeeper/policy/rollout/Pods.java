package io.gracekeeper.policy.rollout;

import io.gracekeeper.crds.EndSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods that ended, told as the tests need them: {@code pod().grace(6).main("app", 137, "Error", 6)}. */
final class Pods {
    static final Instant T0 = Instant.parse("2026-11-24T10:00:00Z");
    static final CauseFacts ROLLOUT = new CauseFacts(null, null, null, true, true);

    private Pods() {}

    static Builder pod() {
        return pod("web-1");
    }

    static Builder pod(String name) {
        return new Builder(name);
    }

    static final class Builder {
        private final String name;
        private final List<ContainerTermination> containers = new ArrayList<>();
        private @Nullable Instant t0 = T0;
        private @Nullable Long grace = 30L;
        private @Nullable Long shortened;
        private Evidence evidence = Evidence.TERMINAL;
        private CauseFacts cause = ROLLOUT;
        private @Nullable EndSettings settings = EndSettings.CURRENT;

        private Builder(String name) {
            this.name = name;
        }

        Builder grace(long seconds) {
            grace = seconds;
            return this;
        }

        Builder shortenedTo(long seconds) {
            shortened = seconds;
            return this;
        }

        Builder startUnseen() {
            t0 = null;
            grace = null;
            return this;
        }

        Builder evidence(Evidence value) {
            evidence = value;
            return this;
        }

        Builder cause(CauseFacts value) {
            cause = value;
            return this;
        }

        Builder settings(EndSettings value) {
            settings = value;
            return this;
        }

        /** A main container that ran at t0 and exited {@code after} seconds later. */
        Builder main(String container, int code, String reason, long after) {
            return add(Pods.main(container).exit(code, reason, T0.plusSeconds(after)));
        }

        Builder sidecar(String container, int code, String reason, long after) {
            return add(container(container, ContainerKind.NATIVE_SIDECAR).exit(code, reason, T0.plusSeconds(after)));
        }

        Builder add(ContainerBuilder container) {
            containers.add(container.build());
            return this;
        }

        PodTermination build() {
            return new PodTermination("uid-" + name, name, t0, grace, shortened, evidence, cause, settings, containers);
        }
    }

    static ContainerBuilder main(String name) {
        return container(name, ContainerKind.MAIN);
    }

    static ContainerBuilder container(String name, ContainerKind kind) {
        return new ContainerBuilder(name, kind);
    }

    static final class ContainerBuilder {
        private final String name;
        private final ContainerKind kind;
        private ContainerAtT0 atT0 = ContainerAtT0.RUNNING;
        private @Nullable ContainerExit exit;
        private @Nullable ContainerExit lastExit;
        private int restarts;
        private @Nullable Long preStop;
        private @Nullable String stopSignal;

        private ContainerBuilder(String name, ContainerKind kind) {
            this.name = name;
            this.kind = kind;
        }

        ContainerBuilder atT0(ContainerAtT0 value) {
            atT0 = value;
            return this;
        }

        ContainerBuilder exit(int code, @Nullable String reason, @Nullable Instant finishedAt) {
            exit = new ContainerExit(code, reason, finishedAt);
            return this;
        }

        ContainerBuilder lastExit(int code, String reason, Instant finishedAt) {
            lastExit = new ContainerExit(code, reason, finishedAt);
            restarts++;
            return this;
        }

        ContainerBuilder preStop(long seconds) {
            preStop = seconds;
            return this;
        }

        ContainerBuilder stopSignal(String value) {
            stopSignal = value;
            return this;
        }

        private ContainerTermination build() {
            return new ContainerTermination(name, kind, atT0, exit, lastExit, restarts, preStop, stopSignal);
        }
    }
}
