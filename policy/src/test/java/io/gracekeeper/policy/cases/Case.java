package io.gracekeeper.policy.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.Origin;
import io.gracekeeper.policy.OriginReader;
import io.gracekeeper.policy.PolicyInputs;
import io.gracekeeper.policy.Surroundings;
import io.gracekeeper.policy.WorkloadKinds;
import java.nio.file.Path;
import java.util.List;

/**
 * One case of the corpus, {@code testdata/cases/<rule>/<name>/}. Every door runs the same ones.
 *
 * @param folder where its files are
 * @param rule the folder above: a rule's name, or {@code frameworks}, {@code scenarios} or {@code unjudged}
 * @param policyDocuments what {@code policy.yaml} says, document by document
 * @param policies the same, as the engine takes them
 * @param object what is applied
 * @param oldObject what was there before; null where it is created
 * @param makers what {@code makers.yaml} says: the workloads above the object, which its controller makes then; empty where a person does
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
        List<JsonNode> makers,
        Surroundings surroundings,
        Expected expected,
        ApiServer apiServer) {
    /** The folder of cases about which no policy speaks, and which says why. */
    public static final String UNJUDGED = "unjudged";

    /** What Kubernetes with its default feature gates makes of an object, by {@code testdata/api-server.yaml}. */
    public enum ApiServer {
        /** It takes it, and all that the rules read of it stays. */
        SAME,
        /** It refuses it by itself, whatever we say. */
        REFUSES,
        /** It drops {@code lifecycle.stopSignal}: StopSignal is not broken there. */
        DROPS_STOP_SIGNAL
    }

    /** Who asks for the object: the controller that its ownerReferences name, where the case says that it made it. */
    public String user() {
        return made() instanceof OriginReader.Owner.Made(Maker by)
                ? by.kind().controllers().stream()
                        .filter(user -> user.startsWith("system:serviceaccount:"))
                        .findFirst()
                        .orElseThrow()
                : "kubernetes-admin";
    }

    private OriginReader.Owner made() {
        return makers.isEmpty()
                ? new OriginReader.Owner.Nobody()
                : OriginReader.controllerOf(object, WorkloadKinds.BUILT_IN);
    }

    /** Who controls the makers. */
    public OriginReader.Owners owners() {
        return (namespace, kind, name) -> makers.stream()
                .filter(maker -> maker.path("kind").asText().equals(kind.kind()))
                .filter(maker -> maker.at("/metadata/name").asText().equals(name))
                .map(maker -> OriginReader.controllerOf(maker, WorkloadKinds.BUILT_IN))
                .findFirst()
                .orElseGet(OriginReader.Owner.Unknown::new);
    }

    /** Who made the object, told by who asks for it. */
    public Origin origin() {
        return new OriginReader(WorkloadKinds.BUILT_IN, owners())
                .ofRequest(object, object.at("/metadata/namespace").asText(), user());
    }

    @Override
    public String toString() {
        return rule + "/" + name;
    }
}
