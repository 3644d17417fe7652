/** {@code kubectl gracekeeper}: the same engine as the webhook's, on files and on the cluster. */
@NullMarked
package io.gracekeeper.cli;

import org.jspecify.annotations.NullMarked;
