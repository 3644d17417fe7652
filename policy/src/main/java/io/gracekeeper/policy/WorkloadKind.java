package io.gracekeeper.policy;

import java.util.List;
import java.util.Set;

/**
 * A kind of object that makes pods, and where it keeps their template.
 *
 * @param group API group; empty for the core group
 * @param kind for instance {@code Deployment}
 * @param templatePath the fields that lead to the pod template (whose {@code metadata} and {@code spec} are the pods'); empty where
 *     the object is a pod itself
 * @param injectable whether Gracekeeper may edit its template. Not for pods that run to their end or belong to a node: nobody
 *     sends them requests that a drain delay could save
 * @param controllers the users as which its controller makes pods and other children
 */
public record WorkloadKind(
        String group, String kind, List<String> templatePath, boolean injectable, Set<String> controllers) {
    /** Copies the collections. */
    public WorkloadKind {
        templatePath = List.copyOf(templatePath);
        controllers = Set.copyOf(controllers);
    }

    /** Of the name alone, which says nearly all: sets of kinds are asked for every policy in every review. */
    @Override
    public int hashCode() {
        return kind.hashCode();
    }

    /** The kind alone: how texts name it. */
    @Override
    public String toString() {
        return kind;
    }

    /** Whether the object is the template: a pod. */
    public boolean isPod() {
        return templatePath.isEmpty();
    }

    /** How messages name fields of the pod spec, for instance {@code spec.template.spec.}. */
    String specField() {
        return isPod() ? "spec." : String.join(".", templatePath) + ".spec.";
    }

    /** The JSON pointer of the template; empty for a pod. */
    String templatePointer() {
        return isPod() ? "" : "/" + String.join("/", templatePath);
    }

    /** {@code Rollout.argoproj.io}, or the kind alone in Kubernetes' own groups. */
    public String qualifiedName() {
        return WorkloadKinds.isBuiltIn(this) ? kind : kind + "." + group;
    }
}
