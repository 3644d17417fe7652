/** PolicyReports of the Policy Working Group, for tools that show those of every policy engine: optional, one per namespace. */
@NullMarked
package io.gracekeeper.operator.report;

import org.jspecify.annotations.NullMarked;
