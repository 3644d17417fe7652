package io.gracekeeper.image.build;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Where an object is, or a collection of objects.
 *
 * @param api {@code api/v1} or {@code apis/<group>/<version>}
 * @param resource the plural
 * @param namespace empty: cluster-wide
 * @param name empty: the collection
 * @param subresource empty: the object itself
 */
record ApiPath(String api, String resource, String namespace, String name, String subresource)
        implements Comparable<ApiPath> {
    private static final Comparator<ApiPath> ORDER = Comparator.comparing(ApiPath::api)
            .thenComparing(ApiPath::resource)
            .thenComparing(ApiPath::namespace)
            .thenComparing(ApiPath::name)
            .thenComparing(ApiPath::subresource);

    /** Reads the path of a request. */
    static ApiPath of(String path) {
        List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
        int skip = parts.getFirst().equals("api") ? 2 : 3;
        String api = String.join("/", parts.subList(0, Math.min(skip, parts.size())));
        List<String> rest = parts.subList(Math.min(skip, parts.size()), parts.size());
        boolean namespaced = rest.size() > 2 && rest.getFirst().equals("namespaces");
        String namespace = namespaced ? rest.get(1) : "";
        List<String> object = namespaced ? rest.subList(2, rest.size()) : rest;
        return new ApiPath(api, part(object, 0), namespace, part(object, 1), part(object, 2));
    }

    ApiPath named(String newName) {
        return new ApiPath(api, resource, namespace, newName, "");
    }

    /** The object of which this is a subresource. */
    ApiPath object() {
        return named(name);
    }

    /** Whether this is one of a collection; that can be a collection of one, by name. */
    boolean isIn(ApiPath collection) {
        return api.equals(collection.api)
                && resource.equals(collection.resource)
                && (collection.namespace.isEmpty() || namespace.equals(collection.namespace))
                && (collection.name.isEmpty() || name.equals(collection.name));
    }

    @Override
    public int compareTo(ApiPath other) {
        return ORDER.compare(this, other);
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }
}
