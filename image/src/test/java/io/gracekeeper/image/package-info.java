@NullMarked
package io.gracekeeper.image;

import org.jspecify.annotations.NullMarked;
