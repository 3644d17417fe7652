/** The rules: one class each, which judges a pod template against the merged requirements and says how to fix it. */
@NullMarked
package io.gracekeeper.policy.rules;

import org.jspecify.annotations.NullMarked;
