package io.gracekeeper.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;

/** A workload as a cache holds it: which it is, and what it is judged by. */
public interface StoredWorkload {
    /** As the object has it, for instance {@code apps/v1}. */
    String apiVersion();

    /** Where it lives. */
    String namespace();

    /** Its name. */
    String name();

    /** Its uid. */
    String uid();

    /** Another one whenever something has changed that a judgement may depend on. */
    String version();

    /** What the engine reads; made anew by each call. */
    JsonNode object();
}
