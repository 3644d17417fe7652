/** Writes the CRD YAML. Runs at build time only: the generator is not on any run-time class path. */
@NullMarked
package io.gracekeeper.crds.generate;

import org.jspecify.annotations.NullMarked;
