package io.gracekeeper.operator.policy;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The conditions of a status that is being put together: {@code lastTransitionTime} moves only with the status of a condition. */
final class Conditions {
    private final List<Condition> before;
    private final long generation;
    private final String now;
    private final List<Condition> after = new ArrayList<>();

    /**
     * None yet.
     *
     * @param before those of the previous status; null where there was none
     * @param generation of the spec that they speak about
     */
    Conditions(@Nullable List<Condition> before, long generation, Instant now) {
        this.before = before == null ? List.of() : before;
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** What a condition said the last time; null where it said nothing. */
    @Nullable
    Condition previous(String type) {
        return before.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst()
                .orElse(null);
    }

    Conditions add(String type, ConditionFacts facts) {
        Condition old = previous(type);
        String since = old != null && facts.truth().word().equals(old.getStatus()) ? old.getLastTransitionTime() : null;
        after.add(new ConditionBuilder()
                .withType(type)
                .withStatus(facts.truth().word())
                .withReason(facts.reason())
                .withMessage(facts.message())
                .withObservedGeneration(generation)
                .withLastTransitionTime(Objects.requireNonNullElse(since, now))
                .build());
        return this;
    }

    List<Condition> list() {
        return List.copyOf(after);
    }
}
