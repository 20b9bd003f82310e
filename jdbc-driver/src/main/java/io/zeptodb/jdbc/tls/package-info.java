/**
 * Certificates and keys from PEM files, for the client's side of TLS and the server's: {@link io.zeptodb.jdbc.tls.PemFiles} reads the files, {@link
 * io.zeptodb.jdbc.tls.TlsIdentity} is what they say. JDK classes only.
 */
@NullMarked
package io.zeptodb.jdbc.tls;

import org.jspecify.annotations.NullMarked;
