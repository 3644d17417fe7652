package io.gracekeeper.policy;

import io.gracekeeper.crds.InjectionMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is injected: first what we injected before is taken back, then what the policies ask for now is put in. All or
 * nothing: a hook only where the same edit leaves a grace period that has room for it, and nothing that an author wrote is
 * changed. Where the policies ask for more than can be injected, and it is not the author who has changed what it rests on, what was
 * injected before stays as it is: to take a hook out of a workload that somebody only restarts would worsen it, and get the restart refused.
 */
final class Injector {
    private Injector() {}

    /**
     * What an injection comes to.
     *
     * @param template as it is to be
     * @param record what to remember of it; empty where nothing is injected
     * @param changes one line for each value, for people
     * @param notes why something that the policies ask for is not injected
     */
    record Plan(PodTemplate template, InjectionRecord record, List<String> changes, List<String> notes) {}

    /** Takes back what the template's record says is ours, where it still has that very value. */
    static PodTemplate strip(PodTemplate template) {
        InjectionRecord record = template.record();
        if (record == null) {
            return template;
        }
        Long grace = template.terminationGracePeriodSeconds();
        Supplier<GraceOrigin> source = template.graceSource();
        if (record.graceSeconds() != null && record.graceSeconds().equals(grace)) {
            grace = record.graceWasSeconds();
            source = () -> GraceOrigin.UNSET;
        }
        List<Container> containers = new ArrayList<>();
        for (Container container : template.containers()) {
            Long sleep =
                    container.nativeSidecar() ? null : record.preStopSeconds().get(container.name());
            containers.add(sleep == null ? container : container.withPreStop(without(container.preStop(), sleep)));
        }
        return template.with(grace, source, containers);
    }

    private static PreStop without(PreStop hook, long ourSleep) {
        PreStop ours = new PreStop.Sleep(ourSleep);
        if (hook.equals(ours)) {
            return new PreStop.None();
        }
        if (hook instanceof PreStop.Several(List<PreStop> handlers) && handlers.contains(ours)) {
            List<PreStop> others =
                    handlers.stream().filter(handler -> !handler.equals(ours)).toList();
            return others.size() == 1 ? others.get(0) : new PreStop.Several(others);
        }
        return hook;
    }

    /** Whether an update leaves what was injected, and the grace that it rests on, as it was. */
    static boolean isLeftAlone(PodTemplate old, PodTemplate updated) {
        InjectionRecord record = updated.record();
        return record != null
                && record.equals(old.record())
                && Objects.equals(old.terminationGracePeriodSeconds(), updated.terminationGracePeriodSeconds())
                && hooks(old, record).equals(hooks(updated, record));
    }

    /** Whether all that was injected is still there. */
    private static boolean isWhole(PodTemplate template, InjectionRecord record) {
        boolean grace =
                record.graceSeconds() == null || record.graceSeconds().equals(template.terminationGracePeriodSeconds());
        Map<String, PreStop> hooks = hooks(template, record);
        return grace
                && record.preStopSeconds().entrySet().stream()
                        .allMatch(ours -> new PreStop.Sleep(ours.getValue()).equals(hooks.get(ours.getKey())));
    }

    private static Map<String, PreStop> hooks(PodTemplate template, InjectionRecord record) {
        Map<String, PreStop> hooks = new HashMap<>();
        for (Container container : template.containers()) {
            if (!container.nativeSidecar() && record.preStopSeconds().containsKey(container.name())) {
                hooks.put(container.name(), container.preStop());
            }
        }
        return hooks;
    }

    /**
     * Strips, then injects. The policy's mode plays no part: whether the plan is carried out is for the caller.
     *
     * @param leftAlone whether nobody who asks has changed what was injected before, or what it rests on; asked only where it counts
     */
    static Plan plan(PodTemplate actual, EffectivePolicy policy, BooleanSupplier leftAlone) {
        PodTemplate base = strip(actual);
        List<String> notes = new ArrayList<>();
        Plan nothing = new Plan(base, InjectionRecord.NONE, List.of(), notes);
        if (policy.injection().mode() == InjectionMode.DISABLED) {
            return nothing;
        }
        if (!policy.contradictions().isEmpty()) {
            return impossible(actual, nothing, leftAlone);
        }
        Need need = Need.of(base, policy);
        if (need == null) {
            return nothing;
        }
        SourcedSeconds max = policy.max();
        if (max != null && need.seconds() > max.seconds()) {
            notes.add("nothing is injected: " + need.seconds() + "s are needed, at most " + max.seconds()
                    + "s are allowed (" + max.source() + ")");
            return impossible(actual, nothing, leftAlone);
        }
        Long grace = null;
        if (base.graceSeconds() < need.seconds()) {
            if (base.graceOrigin() == GraceOrigin.EXPLICIT) {
                notes.add("nothing is injected: " + need.seconds() + "s are needed, and your own"
                        + " terminationGracePeriodSeconds " + base.graceSeconds() + " is never raised");
                return impossible(actual, nothing, leftAlone);
            }
            grace = need.seconds();
        }
        return inject(actual, base, grace, policy, notes);
    }

    private static Plan impossible(PodTemplate actual, Plan nothing, BooleanSupplier leftAlone) {
        InjectionRecord record = actual.record();
        return record != null && isWhole(actual, record) && leftAlone.getAsBoolean()
                ? new Plan(actual, record, List.of(), nothing.notes())
                : nothing;
    }

    private static Plan inject(
            PodTemplate actual, PodTemplate base, @Nullable Long grace, EffectivePolicy policy, List<String> notes) {
        Map<String, Long> sleeps = new TreeMap<>();
        Set<String> emptyLifecycles = new TreeSet<>();
        List<String> changes = new ArrayList<>();
        List<Container> containers = new ArrayList<>();
        Map<Integer, Container> before = byIndex(actual);
        Set<String> seen = new HashSet<>();
        for (Container container : base.containers()) {
            long drain = policy.duty(container).drainDelaySeconds();
            boolean duty = drain > container.appDelaySeconds()
                    && container.serving()
                    && container.preStop() instanceof PreStop.None;
            boolean addressable = !container.name().isEmpty() && seen.add(container.name());
            if (!duty || !addressable) {
                containers.add(container);
            } else if (removedByAuthor(container, actual.record(), before)) {
                notes.add(container.name() + ": its injected preStop hook was removed by somebody and is not put back;"
                        + " remove the annotation gracekeeper.io/injected from the template to get it again");
                containers.add(container);
            } else {
                sleeps.put(container.name(), drain);
                if (container.emptyLifecycle() || wasEmpty(container, actual.record())) {
                    emptyLifecycles.add(container.name());
                }
                containers.add(container.withPreStop(new PreStop.Sleep(drain)));
                changes.add(container.name() + ": preStop sleep " + drain);
            }
        }
        if (grace != null) {
            changes.add("grace " + base.graceSeconds() + " -> " + grace);
        }
        var record = new InjectionRecord(
                grace, grace == null ? null : base.terminationGracePeriodSeconds(), sleeps, emptyLifecycles);
        PodTemplate target = grace == null
                ? base.with(base.terminationGracePeriodSeconds(), base.graceSource(), containers)
                : base.with(grace, () -> GraceOrigin.EXPLICIT, containers);
        return new Plan(target, record, changes, notes);
    }

    /** Our record names the container, and yet it came without any hook: somebody took it out, and we don't fight. */
    private static boolean removedByAuthor(
            Container container, @Nullable InjectionRecord record, Map<Integer, Container> before) {
        Container asItCame = before.get(container.index());
        return record != null
                && record.preStopSeconds().containsKey(container.name())
                && asItCame != null
                && asItCame.preStop() instanceof PreStop.None;
    }

    private static boolean wasEmpty(Container container, @Nullable InjectionRecord record) {
        return record != null && record.emptyLifecycles().contains(container.name());
    }

    private static Map<Integer, Container> byIndex(PodTemplate template) {
        Map<Integer, Container> byIndex = new HashMap<>();
        for (Container container : template.containers()) {
            if (!container.nativeSidecar()) {
                byIndex.put(container.index(), container);
            }
        }
        return byIndex;
    }
}
