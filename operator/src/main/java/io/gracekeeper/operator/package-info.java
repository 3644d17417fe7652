/**
 * The operator's process: what it is made of, in which order it starts and stops, and who leads. It decides nothing about
 * workloads; that is in the packages below.
 */
@NullMarked
package io.gracekeeper.operator;

import org.jspecify.annotations.NullMarked;
