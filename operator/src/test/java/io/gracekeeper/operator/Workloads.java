package io.gracekeeper.operator;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.gracekeeper.crds.ExceptionTarget;
import io.gracekeeper.crds.Existing;
import io.gracekeeper.crds.ExistingMode;
import io.gracekeeper.crds.GracefulShutdownPolicy;
import io.gracekeeper.crds.GracefulShutdownPolicySpec;
import io.gracekeeper.crds.Injection;
import io.gracekeeper.crds.InjectionMode;
import io.gracekeeper.crds.Requirements;
import io.gracekeeper.crds.ShutdownException;
import io.gracekeeper.crds.ShutdownExceptionSpec;
import io.gracekeeper.crds.Validation;
import io.gracekeeper.crds.ValidationAction;
import java.time.Instant;
import java.util.List;

/** Deployments and policies for tests, all in namespace {@code shop}. */
public final class Workloads {
    /** Where they live. */
    public static final String NAMESPACE = "shop";

    /** What a policy of these tests asks for: 10 + 20 + 5 = 35 s. */
    public static final Requirements REQUIREMENTS = new Requirements(10, 20, 5, 120);

    private Workloads() {}

    /** A Deployment that serves, without hook, with the default grace: injection makes it compliant. */
    public static Deployment serving(String name, int replicas) {
        return deployment(name, replicas, 30);
    }

    /** A worker with a grace of its author's that is too short: only the author can fix it. */
    public static Deployment shortOfTime(String name) {
        return deployment(name, 1, 5);
    }

    private static Deployment deployment(String name, int replicas, long grace) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(grace)
                .addNewContainer()
                .withName("app")
                .withImage("shop/" + name + ":1")
                .addNewPort()
                .withContainerPort(8080)
                .endPort()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** A StatefulSet that serves, without hook, with the default grace. */
    public static StatefulSet statefulSet(String name) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withTemplate(serving(name, 1).getSpec().getTemplate())
                .endSpec()
                .build();
    }

    /** An exception that lets a Deployment off from BudgetFits. */
    public static ShutdownException exception(String name, String workload, Instant end) {
        var exception = new ShutdownException();
        exception.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withGeneration(1L)
                .build());
        exception.setSpec(new ShutdownExceptionSpec(
                new ExceptionTarget("Deployment", List.of(workload)),
                null,
                List.of("BudgetFits"),
                null,
                "OPS-9 vendor image",
                end.toString()));
        return exception;
    }

    /** The same Deployment, with all its pods new and available. */
    public static Deployment complete(Deployment deployment) {
        int replicas = deployment.getSpec().getReplicas();
        return new DeploymentBuilder(deployment)
                .withNewStatus()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(replicas)
                .withUpdatedReplicas(replicas)
                .withAvailableReplicas(replicas)
                .endStatus()
                .build();
    }

    /** A policy with Deny that injects and paces. */
    public static GracefulShutdownPolicy paced(String name, int maxConcurrent) {
        return policy(
                name,
                new GracefulShutdownPolicySpec(
                        null,
                        REQUIREMENTS,
                        new Validation(List.of(ValidationAction.DENY)),
                        new Injection(InjectionMode.APPLY, new Existing(ExistingMode.PACED, maxConcurrent)),
                        null));
    }

    /** A policy. */
    public static GracefulShutdownPolicy policy(String name, GracefulShutdownPolicySpec spec) {
        var policy = new GracefulShutdownPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName(name)
                .withGeneration(1L)
                .build());
        policy.setSpec(spec);
        return policy;
    }
}
