/** Tests that hold the chart, by Helm's own code in this JVM: no cluster and no helm program are needed. */
@NullMarked
package io.gracekeeper.helm;

import org.jspecify.annotations.NullMarked;
