package io.gracekeeper.operator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What stands in for the admission webhooks of a {@link FakeApiServer}; called for Deployments, dry runs included. */
@FunctionalInterface
public interface Admission {
    /** Lets everything through, as it is: no webhook, or a dead one that is ignored. */
    Admission NONE = (object, old) -> object;

    /**
     * Admits, or edits, or refuses.
     *
     * @param object as it was sent
     * @param old what is stored; null on create
     * @return the object to store
     * @throws Refused to refuse it
     */
    ObjectNode admit(ObjectNode object, ObjectNode old);
}
