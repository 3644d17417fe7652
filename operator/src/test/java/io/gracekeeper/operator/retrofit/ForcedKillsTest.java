package io.gracekeeper.operator.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracekeeper.crds.End;
import io.gracekeeper.crds.EndCause;
import io.gracekeeper.crds.EndResult;
import io.gracekeeper.crds.EndSettings;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.RolloutAuditSpec;
import io.gracekeeper.crds.RolloutAuditStatus;
import io.gracekeeper.crds.Verdict;
import io.gracekeeper.crds.WorkloadReference;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A forced kill is evidence")
class ForcedKillsTest {
    private static final Instant T0 = Instant.parse("2026-11-24T09:00:00Z");

    @Test
    @DisplayName("where the pod had the injected settings, at the time of the kill")
    void current() {
        assertThat(ForcedKills.find(
                        List.of(audit("u", EndResult.FORCED_KILL, EndSettings.CURRENT)), "u", "Deployment/checkout"))
                .hasValueSatisfying(seen -> {
                    assertThat(seen.reason()).isEqualTo(HaltReason.FORCED_KILL);
                    assertThat(seen.at()).isEqualTo(T0.plusSeconds(45));
                    assertThat(seen.message()).contains("pod checkout-1").contains("45 s");
                });
    }

    @Test
    @DisplayName("but not where it had old ones, ended otherwise, or belongs to another workload")
    void others() {
        assertThat(ForcedKills.find(
                        List.of(
                                audit("u", EndResult.FORCED_KILL, EndSettings.OLD),
                                audit("u", EndResult.OOM_KILLED, EndSettings.CURRENT),
                                audit("other", EndResult.FORCED_KILL, EndSettings.CURRENT)),
                        "u",
                        "Deployment/checkout"))
                .isEmpty();
    }

    private static RolloutAudit audit(String uid, EndResult result, EndSettings settings) {
        var audit = new RolloutAudit();
        audit.setSpec(new RolloutAuditSpec(new WorkloadReference("Deployment", "checkout", uid), "2"));
        var end = new End("checkout-1", "app", result, EndCause.ROLLOUT, 137, T0, 45L, 45L, settings, null);
        audit.setStatus(new RolloutAuditStatus(
                Verdict.FORCED_KILL, "1/1", settings, null, null, List.of(end), null, null, null));
        return audit;
    }
}
