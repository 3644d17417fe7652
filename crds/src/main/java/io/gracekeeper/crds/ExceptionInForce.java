package io.gracekeeper.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * An exception, as a policy's status lists it.
 *
 * @param name namespace and name, for instance {@code shop/billing}
 * @param expiresAt RFC 3339
 * @param reason as its author gave it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExceptionInForce(
        @JsonPropertyDescription("Namespace and name, for instance shop/billing.")
        String name,

        @JsonPropertyDescription("When it ends, RFC 3339.") String expiresAt,

        @JsonPropertyDescription("Why, as its author gave it.")
        String reason) {}
