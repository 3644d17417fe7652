package io.gracekeeper.runtime;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all objects of one kind, and keeps of each only what a function makes of it: whole objects of a large cluster would
 * need gigabytes. They are listed in pages, so that not even the first list is in memory at once.
 *
 * @param <R> what is kept of an object; immutable
 */
public final class ReducedInformer<R> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReducedInformer.class);

    private static final Selection ALL = new Selection(Map.of(), 250);

    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private final Map<String, R> kept = new ConcurrentHashMap<>();
    private final Reduction<R> reduction;
    private final Changes<R> changes;
    private volatile boolean synced;

    /**
     * Which objects of the kind are watched.
     *
     * @param labels that they carry; empty for all objects
     * @param page so many are listed at once: the fewer, the larger they are
     */
    public record Selection(Map<String, String> labels, long page) {
        /** Copies the labels. */
        public Selection {
            labels = Map.copyOf(labels);
        }
    }

    /** What is kept of an object. */
    @FunctionalInterface
    public interface Reduction<R> {
        /** Of an object; null to keep nothing. Must not throw, and not hold on to the object. */
        @Nullable
        R reduce(GenericKubernetesResource object);
    }

    /** Who is told when what is kept has changed. */
    @FunctionalInterface
    public interface Changes<R> {
        /** Called one at a time, on a thread of the client; must return soon. */
        void changed(@Nullable R before, @Nullable R after);
    }

    /**
     * One that isn't started yet.
     *
     * @param client stays the caller's; must outlive the informer
     * @param kind of the objects
     * @param reduction what to keep
     * @param changes told of each object of which something else is kept now
     */
    public ReducedInformer(
            KubernetesClient client, ResourceDefinitionContext kind, Reduction<R> reduction, Changes<R> changes) {
        this(client, kind, ALL, reduction, changes);
    }

    /** One of some objects of a kind. */
    public ReducedInformer(
            KubernetesClient client,
            ResourceDefinitionContext kind,
            Selection selection,
            Reduction<R> reduction,
            Changes<R> changes) {
        this.reduction = reduction;
        this.changes = changes;
        var resources = client.genericKubernetesResources(kind);
        this.informer = (kind.isNamespaceScoped() ? resources.inAnyNamespace() : resources)
                .withLabels(selection.labels())
                .withLimit(selection.page())
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(new Items())
                .exceptionHandler((started, failure) -> {
                    LOG.atWarn()
                            .addKeyValue("resource", kind.getPlural())
                            .addKeyValue("reason", failure)
                            .log("Objects can't be listed or watched; trying again");
                    return true;
                });
    }

    /** A kind, for the constructor. */
    public static ResourceDefinitionContext kind(
            String group, String version, String kind, String plural, boolean namespaced) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    /**
     * Starts listing and watching, and returns at once.
     *
     * @param onSynced run when the first list is complete
     */
    public void start(Runnable onSynced) {
        informer.start().thenRun(() -> {
            synced = true;
            onSynced.run();
        });
    }

    /** Whether the first list is complete. Stays true when the API server goes away. */
    public boolean hasSynced() {
        return synced;
    }

    /** Whether a watch is open right now. */
    public boolean isWatching() {
        return informer.isWatching();
    }

    /** What is kept of an object; null where nothing is, or where there is no such object. */
    public @Nullable R get(String namespace, String name) {
        return kept.get(key(namespace, name));
    }

    /** What is kept, by namespace and name with a slash between them, or by name alone. Live, and safe to iterate. */
    public Map<String, R> all() {
        return Collections.unmodifiableMap(kept);
    }

    /** Stops watching. What is kept stays. */
    @Override
    public void close() {
        informer.stop();
    }

    private static String key(@Nullable String namespace, String name) {
        return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
    }

    /** Where the client puts objects, and takes husks from: it asks for no more than their names. */
    private final class Items implements ItemStore<GenericKubernetesResource> {
        @Override
        public String getKey(GenericKubernetesResource object) {
            ObjectMeta metadata = object.getMetadata();
            return key(metadata.getNamespace(), metadata.getName());
        }

        @Override
        @SuppressWarnings("NullAway") // Null is "was not there" in the client's own words.
        public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
            R after = reduction.reduce(object);
            R before = after == null ? kept.remove(key) : kept.put(key, after);
            tell(before, after);
            return null;
        }

        @Override
        @SuppressWarnings("NullAway")
        public GenericKubernetesResource remove(String key) {
            R before = kept.remove(key);
            tell(before, null);
            return before == null ? null : husk(key);
        }

        @Override
        public Stream<String> keySet() {
            return kept.keySet().stream();
        }

        @Override
        public Stream<GenericKubernetesResource> values() {
            return keySet().map(Items::husk);
        }

        @Override
        public int size() {
            return kept.size();
        }

        @Override
        @SuppressWarnings("NullAway")
        public GenericKubernetesResource get(String key) {
            return kept.containsKey(key) ? husk(key) : null;
        }

        @Override
        public boolean isFullState() {
            return false;
        }

        private void tell(@Nullable R before, @Nullable R after) {
            if (before != null ? !before.equals(after) : after != null) {
                changes.changed(before, after);
            }
        }

        private static GenericKubernetesResource husk(String key) {
            int slash = key.indexOf('/');
            var husk = new GenericKubernetesResource();
            husk.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(slash < 0 ? null : key.substring(0, slash))
                    .withName(key.substring(slash + 1))
                    .build());
            return husk;
        }
    }
}
