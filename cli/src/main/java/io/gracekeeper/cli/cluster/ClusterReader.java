package io.gracekeeper.cli.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.policy.Maker;
import io.gracekeeper.policy.WorkloadKind;
import io.gracekeeper.policy.WorkloadKinds;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists raw objects, page by page: the engine reads JSON, and so does this, so that no model of the client has to be loaded. What
 * may not be listed is told, and the rest is read all the same.
 */
public final class ClusterReader implements AutoCloseable {
    /** As kubectl's own chunk size. */
    private static final int PAGE = 500;

    /** No name of a file. */
    private static final String CLUSTER = "";

    private static final InputText INPUT = InputText.of(CLUSTER, "");

    private final KubernetesClient client;
    private final ObjectMapper json = new ObjectMapper();
    private final Consumer<Unreadable> problems;

    /**
     * A reader.
     *
     * @param kubeconfig null for the user's own
     * @param context null for the current one
     * @param problems told what can't be listed
     * @throws IOException if the kubeconfig can't be read
     */
    public ClusterReader(@Nullable Path kubeconfig, @Nullable String context, Consumer<Unreadable> problems)
            throws IOException {
        this.problems = problems;
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            throw new IOException(kubeconfig + " can't be read");
        }
        Config config = kubeconfig == null
                ? Config.autoConfigure(context)
                : Config.fromKubeconfig(context, kubeconfig.toFile());
        config.setRequestRetryBackoffLimit(1);
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The namespace of the context; {@code default} where it names none. */
    public String namespace() {
        return Objects.requireNonNullElse(client.getConfiguration().getNamespace(), "default");
    }

    /**
     * All objects of a kind.
     *
     * @param resource in the plural
     * @param namespace null for all of them
     * @param optional whether a cluster that has no such kind is fine
     */
    public List<ManifestObject> list(Resource resource, @Nullable String namespace, boolean optional) {
        List<ManifestObject> objects = new ArrayList<>();
        String next = "";
        try {
            do {
                JsonNode page = read(resource.path(namespace) + "?limit=" + PAGE
                        + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8)));
                for (JsonNode item : page.path("items")) {
                    objects.add(typed(item, resource));
                }
                next = page.path("metadata").path("continue").asText("");
            } while (!next.isEmpty());
        } catch (KubernetesClientException e) {
            if (!optional || isServed(resource, e)) {
                problems.accept(problem(resource.plural(), e));
            }
        } catch (JsonProcessingException e) {
            problems.accept(new Unreadable(CLUSTER, null, resource.plural() + ": no JSON: " + e.getOriginalMessage()));
        }
        return objects;
    }

    /**
     * Whether there is such a kind after all. The API server looks at rights first: to those who have none of a kind that it doesn't
     * serve it says Forbidden as well. What it serves it tells everybody (the role {@code system:discovery}).
     */
    private boolean isServed(Resource resource, KubernetesClientException failure) {
        if (failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                && resource.apiVersion().indexOf('/') >= 0) {
            try {
                client.raw("/apis/" + resource.apiVersion(), "GET", null);
            } catch (KubernetesClientException e) {
                return e.getCode() != HttpURLConnection.HTTP_NOT_FOUND;
            }
        }
        return failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND;
    }

    /**
     * Where objects of a kind of workload are. Of kinds of other groups the API server is asked, as kubectl asks it: version and plural
     * are theirs to choose. Null, and told, where it knows no such kind.
     */
    public @Nullable Resource find(WorkloadKind kind) {
        if (WorkloadKinds.BUILT_IN.of(kind.group() + "/", kind.kind()) != null) {
            return Resource.ofKubernetes(kind);
        }
        try {
            for (String version : versions(kind.group())) {
                for (JsonNode one :
                        read("/apis/" + kind.group() + "/" + version).path("resources")) {
                    String plural = one.path("name").asText("");
                    if (one.path("kind").asText("").equals(kind.kind()) && plural.indexOf('/') < 0) {
                        return new Resource(kind.group() + "/" + version, kind.kind(), plural);
                    }
                }
            }
            problems.accept(missing(kind));
        } catch (KubernetesClientException e) {
            problems.accept(
                    e.getCode() == HttpURLConnection.HTTP_NOT_FOUND ? missing(kind) : problem(kind.qualifiedName(), e));
        } catch (JsonProcessingException e) {
            problems.accept(
                    new Unreadable(CLUSTER, null, kind.qualifiedName() + ": no JSON: " + e.getOriginalMessage()));
        }
        return null;
    }

    private static Unreadable missing(WorkloadKind kind) {
        return new Unreadable(CLUSTER, null, kind.qualifiedName() + ": the cluster has no such kind");
    }

    /** Of an API group, the one that the API server prefers first. */
    private Set<String> versions(String group) throws JsonProcessingException {
        JsonNode served = read("/apis/" + group);
        Set<String> versions = new LinkedHashSet<>();
        versions.add(served.path("preferredVersion").path("version").asText(""));
        served.path("versions").forEach(one -> versions.add(one.path("version").asText("")));
        versions.remove("");
        return versions;
    }

    private JsonNode read(String path) throws JsonProcessingException {
        return json.readTree(client.raw(path, "GET", null));
    }

    /**
     * What came of asking for one object.
     *
     * @param object null, and told, where it can't be read
     * @param missing whether that is since the API server has no such object
     */
    public record Lookup(@Nullable ManifestObject object, boolean missing) {}

    /**
     * One object.
     *
     * @param namespace null for a kind without one
     */
    public Lookup get(Resource resource, @Nullable String namespace, String name) {
        try {
            return new Lookup(typed(read(resource.path(namespace) + "/" + name), resource), false);
        } catch (KubernetesClientException e) {
            problems.accept(problem(resource.plural() + " " + (namespace == null ? "" : namespace + "/") + name, e));
            return new Lookup(null, e.getCode() == HttpURLConnection.HTTP_NOT_FOUND);
        } catch (JsonProcessingException e) {
            problems.accept(new Unreadable(CLUSTER, null, resource.plural() + ": no JSON: " + e.getOriginalMessage()));
            return new Lookup(null, false);
        }
    }

    /** One of Kubernetes' own workloads; null where it isn't there, or may not be read. */
    public @Nullable ManifestObject getIfThere(Maker workload, String namespace) {
        Resource resource = Resource.ofKubernetes(workload.kind());
        try {
            return typed(read(resource.path(namespace) + "/" + workload.name()), resource);
        } catch (KubernetesClientException | JsonProcessingException e) {
            return null;
        }
    }

    /** The items of a list don't say what they are. */
    private static ManifestObject typed(JsonNode item, Resource resource) {
        if (item instanceof ObjectNode object) {
            object.put("apiVersion", resource.apiVersion());
            object.put("kind", resource.kind());
        }
        return new ManifestObject(INPUT, item, null);
    }

    private Unreadable problem(String what, KubernetesClientException e) {
        if (e.getCode() <= 0) {
            throw new ClusterUnreachable(String.valueOf(client.getMasterUrl()), root(e));
        }
        String reason = switch (e.getCode()) {
            case HttpURLConnection.HTTP_FORBIDDEN -> "you may not read them";
            case HttpURLConnection.HTTP_UNAUTHORIZED -> "the cluster doesn't know you";
            case HttpURLConnection.HTTP_NOT_FOUND -> "not found";
            default ->
                String.valueOf(
                        e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
        };
        return new Unreadable(CLUSTER, null, what + ": " + reason);
    }

    private static String root(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case UnresolvedAddressException unknown -> "nobody knows this name; is there a kubeconfig?";
            case ClosedChannelException refused -> "no connection";
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
