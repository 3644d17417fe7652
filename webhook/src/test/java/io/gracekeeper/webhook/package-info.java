@NullMarked
package io.gracekeeper.webhook;

import org.jspecify.annotations.NullMarked;
