/** The upper tier: a real node, with the chart and the image installed as users install them. */
@NullMarked
package io.gracekeeper.e2e.cluster;

import org.jspecify.annotations.NullMarked;
