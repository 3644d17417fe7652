package io.gracekeeper.crds.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the reference of the API as a Markdown page, from the same schemas that the API server checks objects by. */
final class CrdReference {
    private final StringBuilder page = new StringBuilder();

    private CrdReference() {}

    /** The page. */
    static String render(List<CustomResourceDefinition> crds) {
        var reference = new CrdReference();
        reference.line("# The API: `gracekeeper.io/v1alpha1`");
        reference.line("");
        reference.line(
                "Generated from the code by the build; do not edit. What the values mean together (the sum that decides how");
        reference.line("much grace a pod needs, how several policies merge, what is injected when) is in");
        reference.line("[architecture.md](../architecture.md).");
        crds.forEach(reference::kind);
        return reference.page.toString();
    }

    private void kind(CustomResourceDefinition crd) {
        var names = crd.getSpec().getNames();
        var version = crd.getSpec().getVersions().get(0);
        JSONSchemaProps schema = version.getSchema().getOpenAPIV3Schema();
        line("");
        line("## " + names.getKind());
        line("");
        line(schema.getDescription());
        line("");
        line("`kubectl get " + names.getPlural() + "`, short `"
                + names.getShortNames().get(0) + "`. " + crd.getSpec().getScope() + ". Columns: "
                + columns(version.getAdditionalPrinterColumns()) + ".");
        part("spec", schema);
        part("status", schema);
    }

    private static String columns(List<CustomResourceColumnDefinition> columns) {
        var names = new StringJoiner(", ");
        columns.forEach(column -> names.add(column.getName() + (column.getPriority() == null ? "" : " (`-o wide`)")
                + " `" + column.getJsonPath() + "`"));
        return names.toString();
    }

    private void part(String name, JSONSchemaProps root) {
        JSONSchemaProps schema = root.getProperties().get(name);
        line("");
        line("### " + name);
        line("");
        line("| field | type | default | allowed | what |");
        line("|---|---|---|---|---|");
        fields(name, schema);
        var rules = new TreeMap<String, List<ValidationRule>>();
        rules(name, schema, rules);
        if (!rules.isEmpty()) {
            line("");
            line("Refused by the API server:");
            line("");
            rules.forEach((path, list) -> list.forEach(rule -> line("- `" + path + "`: " + rule.getMessage())));
        }
    }

    private void fields(String path, @Nullable JSONSchemaProps schema) {
        if (schema == null || schema.getProperties() == null) {
            return;
        }
        new TreeMap<>(schema.getProperties()).forEach((name, field) -> {
            String fieldPath = path + "." + name;
            boolean list = "array".equals(field.getType());
            JSONSchemaProps item = list ? field.getItems().getSchema() : field;
            boolean required =
                    schema.getRequired() != null && schema.getRequired().contains(name);
            line("| `" + fieldPath + "` | " + type(field) + " | " + orEmpty(field.getDefault()) + " | "
                    + (required ? "required " : "") + allowed(field, item) + " | "
                    + (field.getDescription() == null
                            ? ""
                            : field.getDescription().replace("|", "\\|")) + " |");
            if (!known(name)) {
                fields(fieldPath + (list ? "[]" : ""), item);
                if (field.getAdditionalProperties() != null) {
                    fields(fieldPath + ".*", field.getAdditionalProperties().getSchema());
                }
            }
        });
    }

    /** Kubernetes' own types need no second reference. */
    private static boolean known(String name) {
        return name.equals("conditions") || name.toLowerCase(Locale.ROOT).endsWith("selector");
    }

    private static void rules(String path, @Nullable JSONSchemaProps schema, Map<String, List<ValidationRule>> into) {
        if (schema == null) {
            return;
        }
        if (schema.getXKubernetesValidations() != null
                && !schema.getXKubernetesValidations().isEmpty()) {
            into.put(path, schema.getXKubernetesValidations());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, field) -> rules(path + "." + name, field, into));
        }
    }

    private static String type(JSONSchemaProps field) {
        if ("array".equals(field.getType())) {
            return "list of " + field.getItems().getSchema().getType();
        }
        if (field.getAdditionalProperties() != null) {
            return "map of " + field.getAdditionalProperties().getSchema().getType();
        }
        return field.getFormat() == null ? field.getType() : field.getFormat();
    }

    private static String allowed(JSONSchemaProps field, JSONSchemaProps item) {
        var allowed = new StringJoiner("; ");
        if (field.getMinItems() != null || field.getMaxItems() != null) {
            allowed.add(range(field.getMinItems(), field.getMaxItems()) + " entries");
        }
        if (item.getEnum() != null && !item.getEnum().isEmpty()) {
            var words = new StringJoiner(", ");
            item.getEnum().forEach(word -> words.add("`" + word.asText() + "`"));
            allowed.add(words.toString());
        }
        if (item.getMinimum() != null || item.getMaximum() != null) {
            allowed.add(range(whole(item.getMinimum()), whole(item.getMaximum())));
        }
        return allowed.toString();
    }

    private static @Nullable Long whole(@Nullable Double bound) {
        return bound == null ? null : (Long) bound.longValue();
    }

    private static String range(@Nullable Long min, @Nullable Long max) {
        return (min == null ? "" : String.valueOf(min)) + ".." + (max == null ? "" : String.valueOf(max));
    }

    private static String orEmpty(@Nullable JsonNode value) {
        return value == null || value.isNull() ? "" : "`" + value + "`";
    }

    private void line(String line) {
        page.append(line).append('\n');
    }
}
