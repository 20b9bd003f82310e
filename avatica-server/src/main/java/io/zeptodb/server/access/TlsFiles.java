package io.zeptodb.server.access;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * PEM files of a server that speaks TLS. They are looked at again when they change.
 *
 * @param certificate the server's own first, then those between it and an authority that clients trust
 * @param key of the certificate; the same file when it has both
 * @param keyPassword file whose first line is the password of an encrypted key; null when it is none
 * @param clientAuthorities certificates of authorities that each client must have a certificate of, besides its login; null asks for none
 */
public record TlsFiles(
        Path certificate,
        Path key,
        @Nullable Path keyPassword,
        @Nullable Path clientAuthorities) {}
