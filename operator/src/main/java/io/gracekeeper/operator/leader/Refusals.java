package io.gracekeeper.operator.leader;

import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What the API server means where it refuses a request. */
public final class Refusals {
    private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";

    private Refusals() {}

    /**
     * Whether the namespace itself is gone or going: nothing can be created there, and what is there goes with it. Nobody has to be told,
     * for it is what somebody asked for.
     */
    public static boolean isOfGoingNamespace(KubernetesClientException refusal) {
        StatusDetails details =
                refusal.getStatus() == null ? null : refusal.getStatus().getDetails();
        if (details == null) {
            return false;
        }
        return switch (refusal.getCode()) {
            case HttpURLConnection.HTTP_NOT_FOUND -> "namespaces".equals(details.getKind());
            case HttpURLConnection.HTTP_FORBIDDEN ->
                details.getCauses().stream().anyMatch(cause -> NAMESPACE_TERMINATING.equals(cause.getReason()));
            default -> false;
        };
    }
}
