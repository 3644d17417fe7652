package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.Position;
import org.jspecify.annotations.Nullable;

/**
 * One thing to say about one workload.
 *
 * @param input the file, as the user wrote it; empty for the cluster
 * @param position of the offending field, or of what should contain it
 * @param workload for instance {@code Deployment shop/checkout}
 * @param severity how much it weighs
 * @param rule the rule's name; empty for what is no rule's
 * @param field the full path; empty where it is about the whole workload
 * @param message the engine's own sentence
 * @param fix YAML to paste; null where only the author can know
 * @param policy who asked; empty for what is no policy's
 */
public record Finding(
        String input,
        Position position,
        String workload,
        Severity severity,
        String rule,
        String field,
        String message,
        @Nullable String fix,
        String policy) {}
