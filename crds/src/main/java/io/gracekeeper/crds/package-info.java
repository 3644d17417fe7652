/** The API of Gracekeeper, group {@code gracekeeper.io}, version {@code v1alpha1}: types and names, no logic. */
@NullMarked
package io.gracekeeper.crds;

import org.jspecify.annotations.NullMarked;
