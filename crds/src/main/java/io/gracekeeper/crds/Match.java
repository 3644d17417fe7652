package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/**
 * Which pod templates a policy speaks about, by the labels of the template (and not of the workload), so that a workload and its
 * pods are always matched alike.
 *
 * @param selector absent or empty: every template
 * @param excludeSelector wins over {@code selector}; absent or empty: excludes nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Match(
        @JsonPropertyDescription("Labels of the pod template. Absent or empty: every template of the namespace.")
        @Nullable
        LabelSelector selector,

        @JsonPropertyDescription(
                "Labels of the pod template that keep it out; wins over selector. Absent or empty: keeps nothing out.")
        @Nullable
        LabelSelector excludeSelector) {}
