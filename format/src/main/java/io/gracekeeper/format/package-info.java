/** Build tooling: nothing of it is shipped. */
@NullMarked
package io.gracekeeper.format;

import org.jspecify.annotations.NullMarked;
