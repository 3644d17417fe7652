package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * A workload of the audit's own namespace.
 *
 * @param kind for instance {@code Deployment}
 * @param name its name
 * @param uid its uid: a workload of the same name made later is another
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkloadReference(
        @Required @JsonPropertyDescription("For instance Deployment.")
        String kind,

        @Required @JsonPropertyDescription("Its name.") String name,

        @Required @JsonPropertyDescription("Its uid: a workload of the same name made later is another.")
        String uid) {}
