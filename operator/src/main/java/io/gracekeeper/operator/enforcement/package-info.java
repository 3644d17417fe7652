/** Whether policies are enforced, which is believed only when the API server was seen to refuse something lately. */
@NullMarked
package io.gracekeeper.operator.enforcement;

import org.jspecify.annotations.NullMarked;
