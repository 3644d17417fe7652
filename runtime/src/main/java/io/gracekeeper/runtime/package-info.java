/**
 * What the two processes share: configuration, Kubernetes client, the snapshot of policies, the management port, the stop
 * sequence and the form of log lines. It decides nothing about workloads, and never grows into a place for leftovers.
 */
@NullMarked
package io.gracekeeper.runtime;

import org.jspecify.annotations.NullMarked;
