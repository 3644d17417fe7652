@NullMarked
package io.gracekeeper.runtime;

import org.jspecify.annotations.NullMarked;
