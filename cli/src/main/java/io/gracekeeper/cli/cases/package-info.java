/** Cases: a policy, an object, and what is expected to be said of it. For people who write policies, and for our own corpus. */
@NullMarked
package io.gracekeeper.cli.cases;

import org.jspecify.annotations.NullMarked;
