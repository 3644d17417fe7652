/**
 * Our own certificate authority and the webhook's serving certificate: what is to be issued and when is decided by values alone
 * ({@link io.gracekeeper.operator.certificate.CertificatePlan}); one class reads and writes the cluster.
 */
@NullMarked
package io.gracekeeper.operator.certificate;

import org.jspecify.annotations.NullMarked;
