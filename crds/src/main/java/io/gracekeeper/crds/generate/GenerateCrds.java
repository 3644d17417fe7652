package io.gracekeeper.crds.generate;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.gracekeeper.crds.ClusterGracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.RolloutAudit;
import io.gracekeeper.crds.ShutdownException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes one CRD file per kind, and the reference page of all of them, into a folder: {@code GenerateCrds <folder>}. */
public final class GenerateCrds {
    private static final List<CustomResourceColumnDefinition> POLICY_COLUMNS = List.of(
            column("Validate", "string", ".spec.validation.actions[0]", 0),
            column("Inject", "string", ".spec.injection.mode", 0),
            column("Matched", "integer", ".status.matched", 0),
            column("Compliant", "integer", ".status.compliant", 0),
            column("Fixable", "integer", ".status.fixable", 0),
            column("Violating", "integer", ".status.violating", 0),
            column("Enforced", "string", ".status.conditions[?(@.type=='Enforced')].status", 0),
            column("Exempt", "integer", ".status.exempt", 1),
            column("Accepted", "string", ".status.conditions[?(@.type=='Accepted')].status", 1),
            column("Age", "date", ".metadata.creationTimestamp", 0));
    private static final Map<String, List<CustomResourceColumnDefinition>> COLUMNS = Map.of(
            "GracefulShutdownPolicy",
            POLICY_COLUMNS,
            "ClusterGracefulShutdownPolicy",
            POLICY_COLUMNS,
            "ShutdownException",
            List.of(
                    column("Kind", "string", ".spec.target.kind", 0),
                    column("Names", "string", ".spec.target.names", 0),
                    column("Rules", "string", ".spec.rules", 0),
                    column("Expires", "string", ".spec.expiresAt", 0),
                    column("Active", "string", ".status.conditions[?(@.type=='Active')].status", 0),
                    column("Forgiven", "integer", ".status.forgiven", 0),
                    column("Reason", "string", ".spec.reason", 1),
                    column("Age", "date", ".metadata.creationTimestamp", 0)),
            "RolloutAudit",
            List.of(
                    column("Verdict", "string", ".status.verdict", 0),
                    column("Ended", "string", ".status.ended", 0),
                    column("Forced", "integer", ".status.counts.forced", 0),
                    column("Unseen", "integer", ".status.counts.unseen", 0),
                    column("Settings", "string", ".status.settings", 0),
                    column("Age", "date", ".metadata.creationTimestamp", 0)));

    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "GracefulShutdownPolicy",
            "What graceful shutdown means for the workloads of one namespace: requirements, validation, injection and audit.",
            "ClusterGracefulShutdownPolicy",
            "The platform's baseline: a policy for every namespace that its namespaceSelector selects.",
            "ShutdownException",
            "Who is let off, from which rule, why, and until when.",
            "RolloutAudit",
            "How the old pods of one rollout ended. Written by Gracekeeper; one per workload and revision, the last few are kept.");

    private GenerateCrds() {}

    /**
     * Entry point of the build.
     *
     * @param args the folder to write to
     * @throws IOException if the folder can't be made or written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        List<CustomResourceDefinition> finished = new ArrayList<>();
        var written = new CRDGenerator()
                .withMinQuotes(true)
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
                        CustomResourceDefinition done = finish(crd);
                        finished.add(done);
                        return done;
                    }
                })
                .customResourceClasses(
                        GracefulShutdownPolicy.class,
                        ClusterGracefulShutdownPolicy.class,
                        ShutdownException.class,
                        RolloutAudit.class)
                .inOutputDir(folder.toFile())
                .detailedGenerate();
        if (written.numberOfGeneratedCRDs() != COLUMNS.size()) {
            throw new IllegalStateException("expected " + COLUMNS.size() + " CRDs in " + folder);
        }
        Files.writeString(folder.resolve("crds.md"), CrdReference.render(finished));
    }

    /** What the generator can't say: the order of columns, the description of the kind, required parts, list types. */
    private static CustomResourceDefinition finish(HasMetadata generated) {
        var crd = (CustomResourceDefinition) generated;
        String kind = crd.getSpec().getNames().getKind();
        crd.getMetadata().setLabels(Map.of("app.kubernetes.io/part-of", "gracekeeper"));
        crd.getSpec().getNames().setCategories(List.of("gracekeeper"));
        for (CustomResourceDefinitionVersion version : crd.getSpec().getVersions()) {
            version.setAdditionalPrinterColumns(COLUMNS.get(kind));
            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
            root.setDescription(DESCRIPTIONS.get(kind));
            root.setRequired(List.of("spec"));
            JSONSchemaProps conditions = property(root, "status", "conditions");
            conditions.setXKubernetesListType("map");
            conditions.setXKubernetesListMapKeys(List.of("type"));
            conditions.getItems().getSchema().setRequired(List.of("type", "status", "lastTransitionTime", "reason"));
            if (kind.endsWith("GracefulShutdownPolicy")) {
                selectors(root);
                JSONSchemaProps rules = property(root, "spec", "validation", "rules");
                rules.setXKubernetesListType("map");
                rules.setXKubernetesListMapKeys(List.of("rule"));
            }
        }
        return crd;
    }

    /** A label selector is one value: two field managers must not own halves of it. */
    private static void selectors(JSONSchemaProps root) {
        for (String name : List.of("selector", "excludeSelector")) {
            selector(property(root, "spec", "match", name));
        }
        JSONSchemaProps namespaces = property(root, "spec").getProperties().get("namespaceSelector");
        if (namespaces != null) {
            selector(namespaces);
        }
    }

    private static void selector(JSONSchemaProps selector) {
        selector.setXKubernetesMapType("atomic");
        property(selector, "matchExpressions").getItems().getSchema().setRequired(List.of("key", "operator"));
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String... path) {
        JSONSchemaProps found = schema;
        for (String name : path) {
            found = Objects.requireNonNull(found.getProperties().get(name), () -> "no property " + name);
        }
        return found;
    }

    private static CustomResourceColumnDefinition column(String name, String type, String jsonPath, int priority) {
        var column = new CustomResourceColumnDefinitionBuilder()
                .withName(name)
                .withType(type)
                .withJsonPath(jsonPath);
        return (priority == 0 ? column : column.withPriority(priority)).build();
    }
}
