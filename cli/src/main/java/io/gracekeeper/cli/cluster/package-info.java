/** Reads a cluster by the user's own kubeconfig. Loaded only where a cluster is asked: the client costs a second of start. */
@NullMarked
package io.gracekeeper.cli.cluster;

import org.jspecify.annotations.NullMarked;
