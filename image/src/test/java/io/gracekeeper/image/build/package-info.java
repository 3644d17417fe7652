@NullMarked
package io.gracekeeper.image.build;

import org.jspecify.annotations.NullMarked;
