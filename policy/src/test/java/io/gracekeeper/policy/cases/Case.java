package io.gracekeeper.policy.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.Surroundings;
import java.nio.file.Path;
import java.util.List;

/**
 * One case of the corpus, {@code testdata/cases/<rule>/<name>/}. Every door runs the same ones.
 *
 * @param folder where its files are
 * @param rule the folder above: a rule's name, or {@code frameworks} or {@code scenarios}
 * @param policyDocuments what {@code policy.yaml} says, document by document
 * @param policies the same, as the engine takes them
 * @param object what is applied
 * @param oldObject what was there before; null where it is created
 * @param surroundings what {@code surroundings.yaml} says; nothing is known where there is none
 * @param expected what every door is to say
 * @param apiServer what an API server makes of the object before a webhook sees it
 */
public record Case(
        Path folder,
        String rule,
        String name,
        List<JsonNode> policyDocuments,
        PolicyInputs policies,
        JsonNode object,
        JsonNode oldObject,
        Surroundings surroundings,
        Expected expected,
        ApiServer apiServer) {
    /** What Kubernetes with its default feature gates makes of an object, by {@code testdata/api-server.yaml}. */
    public enum ApiServer {
        /** It takes it, and all that the rules read of it stays. */
        SAME,
        /** It refuses it by itself, whatever we say. */
        REFUSES,
        /** It drops {@code lifecycle.stopSignal}: StopSignal is not broken there. */
        DROPS_STOP_SIGNAL
    }

    @Override
    public String toString() {
        return rule + "/" + name;
    }
}
