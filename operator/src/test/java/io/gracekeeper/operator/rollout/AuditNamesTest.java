package io.gracekeeper.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.operator.leader.WriteBudget;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Audits")
class AuditNamesTest {
    @Test
    @DisplayName("have a name that a pipeline can foretell")
    void name() {
        assertThat(AuditNames.of("checkout", 8)).isEqualTo("deploy-checkout-8");
    }

    @Test
    @DisplayName("have a name that fits and differs, however long the Deployment's is")
    void long_names() {
        String one = "a".repeat(240) + ".one";
        String two = "a".repeat(240) + ".two";

        assertThat(AuditNames.of(one, 8))
                .hasSize(AuditNames.MAX_LENGTH)
                .startsWith("deploy-aaa")
                .endsWith("-8");
        assertThat(AuditNames.of(one, 8)).isNotEqualTo(AuditNames.of(two, 8));
        String dotted = "a".repeat(225) + "." + "b".repeat(20);
        assertThat(AuditNames.of(dotted, 123456))
                .hasSizeLessThanOrEqualTo(AuditNames.MAX_LENGTH)
                .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    }

    @Test
    @DisplayName("are written at most so many times in any second")
    void budget() {
        Instant now = Instant.parse("2026-11-24T10:00:00Z");
        WriteBudget budget = new WriteBudget(3);

        assertThat(budget.take(2, now)).isTrue();
        assertThat(budget.take(2, now)).as("two more do not fit").isFalse();
        assertThat(budget.take(1, now.plusMillis(500))).isTrue();
        assertThat(budget.take(1, now.plusMillis(999))).isFalse();
        assertThat(budget.take(2, now.plusMillis(1000)))
                .as("the first two are a second old")
                .isTrue();
        assertThat(budget.take(1, now.plusMillis(1400))).isFalse();
    }
}
