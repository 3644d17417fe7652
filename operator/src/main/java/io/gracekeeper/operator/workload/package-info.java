/**
 * Workloads as the operator sees them: every one that some policy matches, with what the engine says about it, judged once per
 * change, and held as small as that allows.
 */
@NullMarked
package io.gracekeeper.operator.workload;

import org.jspecify.annotations.NullMarked;
