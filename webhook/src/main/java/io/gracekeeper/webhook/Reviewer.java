package io.gracekeeper.webhook;

/** Decides about requests of one path. From memory, without side effects, and never blocking. */
@FunctionalInterface
interface Reviewer {
    Answer review(AdmissionRequest request);
}
