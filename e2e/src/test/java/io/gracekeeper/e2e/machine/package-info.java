/** What the tests stand on: the checkout, the cluster tool, kubectl and helm as users run them. */
@NullMarked
package io.gracekeeper.e2e.machine;

import org.jspecify.annotations.NullMarked;
