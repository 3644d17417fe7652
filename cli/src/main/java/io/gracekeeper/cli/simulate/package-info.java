/** What policies would do to the workloads that are there: inject, refuse, restart. */
@NullMarked
package io.gracekeeper.cli.simulate;

import org.jspecify.annotations.NullMarked;
