/** Deployments as the operator sees them: with what the engine says about each, judged once per change. */
@NullMarked
package io.gracekeeper.operator.workload;

import org.jspecify.annotations.NullMarked;
