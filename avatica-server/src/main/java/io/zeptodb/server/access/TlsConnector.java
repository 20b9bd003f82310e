package io.zeptodb.server.access;

import io.zeptodb.jdbc.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of TLS, 1.2 and later, from PEM files. {@link #reloadIfChanged} is for one thread at a time. */
final class TlsConnector {
    private static final Logger LOG = LoggerFactory.getLogger(TlsConnector.class);

    private final TlsFiles files;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private List<FileTime> seen;

    /** What the files say now. */
    private record Stores(KeyStore own, @Nullable KeyStore trusted) {}

    /** @throws IOException naming the file that cannot be used */
    TlsConnector(TlsFiles files) throws IOException {
        this.files = files;
        this.seen = times();
        use(read());
        context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        context.setSniRequired(false); // clients by address send no name
        context.setNeedClientAuth(files.clientAuthorities() != null);
    }

    SslContextFactory.Server context() {
        return context;
    }

    private void use(Stores stores) {
        context.setKeyStore(stores.own());
        context.setKeyStorePassword("");
        if (stores.trusted() != null) {
            context.setTrustStore(stores.trusted());
        }
    }

    private Stores read() throws IOException {
        Path passwordFile = files.keyPassword();
        char[] password = passwordFile == null ? null : Secrets.firstLine(passwordFile);
        Path authorities = files.clientAuthorities();
        return new Stores(
                TlsIdentity.keyStore(files.certificate(), files.key(), password),
                authorities == null ? null : TlsIdentity.trustStore(authorities));
    }

    /** Takes new certificates for connections from now on. Files that do not fit yet, for one is written after the other, are tried again. */
    void reloadIfChanged() {
        try {
            List<FileTime> now = times();
            if (!now.equals(seen)) {
                Stores stores = read();
                context.reload(factory -> use(stores));
                seen = now;
                LOG.info("the certificate of '{}' is in use from now on", files.certificate());
            }
        } catch (Exception e) {
            LOG.warn("the certificates stay as they were: {}", e.getMessage());
        }
    }

    private List<FileTime> times() throws IOException {
        List<FileTime> times = new ArrayList<>();
        times.add(time(files.certificate()));
        times.add(time(files.key()));
        Path authorities = files.clientAuthorities();
        if (authorities != null) {
            times.add(time(authorities));
        }
        return times;
    }

    /** Of a file that is not there, whose absence is told by who reads it, the beginning of time. */
    private static FileTime time(Path file) throws IOException {
        return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
    }
}
