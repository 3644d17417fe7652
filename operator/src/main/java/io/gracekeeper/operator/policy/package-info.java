/** Policies to statuses: what was found, put together by values alone and written only where it changed. */
@NullMarked
package io.gracekeeper.operator.policy;

import org.jspecify.annotations.NullMarked;
