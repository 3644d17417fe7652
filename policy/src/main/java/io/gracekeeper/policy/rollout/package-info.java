/**
 * How pods ended and what that says about a rollout: values in, values out. Nothing here knows a client, a clock or a log;
 * every time is passed in.
 */
@NullMarked
package io.gracekeeper.policy.rollout;

import org.jspecify.annotations.NullMarked;
