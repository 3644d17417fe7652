package io.gracekeeper.cli.policies;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicySpec;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Binding the API's records")
class SpecBinderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    @DisplayName("gives the same record as Jackson, which the cluster's doors bind by")
    void bindsAsJackson() throws Exception {
        JsonNode node = JSON.readTree("""
                {"namespaceSelector": {"matchLabels": {"env": "prod"},
                   "matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "c"]}]},
                 "priority": 7, "profile": "LongLived",
                 "match": {"kinds": ["Deployment", "Job"], "exemptContainers": ["*-agent"]},
                 "requirements": {"drainDelaySeconds": 10, "readinessProbe": "IfServing"},
                 "validation": {"actions": ["Deny", "Audit"], "existingViolations": "Deny",
                   "rules": [{"rule": "BudgetFits", "actions": ["Warn"]}]},
                 "injection": {"mode": "DryRun", "existing": {"mode": "NextRollout", "maxConcurrent": 3}},
                 "audit": {"enabled": false, "cleanExitCodes": [0, 143]}}
                """);
        var binder = new SpecBinder();

        var bound = binder.bind(node, ClusterGracefulShutdownPolicySpec.class, "spec");

        assertThat(binder.errors()).isEmpty();
        assertThat(bound).isEqualTo(JSON.treeToValue(node, ClusterGracefulShutdownPolicySpec.class));
    }

    @Test
    @DisplayName("knows every enumeration of the API by the word that Jackson knows it by")
    void knowsWords() {
        List<Class<?>> enums = new ArrayList<>();
        collect(GracefulShutdownPolicySpec.class, enums);
        collect(ShutdownExceptionSpec.class, enums);

        assertThat(enums).hasSizeGreaterThan(4);
        for (Class<?> type : enums) {
            for (Object constant : type.getEnumConstants()) {
                assertThat(SpecBinder.word((Enum<?>) constant)).isEqualTo(JSON.convertValue(constant, String.class));
            }
        }
    }

    private static void collect(Type type, List<Class<?>> enums) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, enums);
            }
        } else if (type instanceof Class<?> plain && plain.isEnum()) {
            enums.add(plain);
        } else if (type instanceof Class<?> plain && plain.isRecord()) {
            for (RecordComponent component : plain.getRecordComponents()) {
                collect(component.getGenericType(), enums);
            }
        }
    }
}
