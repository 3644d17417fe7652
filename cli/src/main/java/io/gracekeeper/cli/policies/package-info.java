/** Policies as the user names them: from files, held to the same rules as in the cluster. */
@NullMarked
package io.gracekeeper.cli.policies;

import org.jspecify.annotations.NullMarked;
