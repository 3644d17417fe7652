/**
 * Reads manifests: text to the JSON tree that the API server would see, with the place of every node, so that a finding can be
 * shown, and fixed, where it stands. What can't be read is reported and stops nothing else.
 */
@NullMarked
package io.gracekeeper.cli.manifest;

import org.jspecify.annotations.NullMarked;
