/** Who leads, and what only the leader does. */
@NullMarked
package io.gracekeeper.operator.leader;

import org.jspecify.annotations.NullMarked;
