package io.gracekeeper.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Named conditions that must all hold at the same time. The names of those that don't are what a probe answers. */
public final class ReadinessGates {
    private final Map<String, BooleanSupplier> gates = new LinkedHashMap<>();

    /**
     * Adds a condition.
     *
     * @param name what a person reads when it doesn't hold, for instance {@code certificate}
     * @param open asked at each probe; must answer at once. One that throws counts as not holding
     * @throws IllegalArgumentException if the name is taken
     */
    public synchronized void require(String name, BooleanSupplier open) {
        if (gates.putIfAbsent(name, open) != null) {
            throw new IllegalArgumentException("gate \"" + name + "\" exists already");
        }
    }

    /** The names of the conditions that don't hold, in the order in which they were added; empty means ready. */
    public synchronized List<String> closed() {
        return gates.entrySet().stream()
                .filter(gate -> !isOpen(gate.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isOpen(BooleanSupplier gate) {
        try {
            return gate.getAsBoolean();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
