package io.zeptodb.jdbc.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Key stores and contexts of TLS made of PEM files. Stateless and thread-safe. */
public final class TlsIdentity {
    /** Of key stores in memory: nobody can know it, and nobody has to. */
    private static final char[] NO_PASSWORD = new char[0];

    private static final byte[] PROBE = {1, 2, 3, 4};

    private TlsIdentity() {}

    /**
     * A context that trusts and shows what files say.
     *
     * @param authorities certificates of authorities that the other side's must come from; null trusts those of the JVM
     * @param certificate what this side shows, its own first and then those between it and the authority; null shows nothing
     * @param key of the certificate; may be in the same file
     * @param password of an encrypted key, or null
     * @throws IOException naming the file that cannot be used
     */
    public static SSLContext context(
            @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key, char @Nullable [] password)
            throws IOException {
        try {
            TrustManager[] trust = null;
            if (authorities != null) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(trustStore(authorities));
                trust = factory.getTrustManagers();
            }
            KeyManager[] own = null;
            if (certificate != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(keyStore(certificate, key == null ? certificate : key, password), NO_PASSWORD);
                own = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not to be had here: " + e.getMessage(), e);
        }
    }

    /**
     * A key with its certificates, under an empty password.
     *
     * @throws IOException naming the file that cannot be used; when the key is not the certificate's
     */
    public static KeyStore keyStore(Path certificate, Path key, char @Nullable [] password) throws IOException {
        List<X509Certificate> chain = PemFiles.certificates(certificate);
        PrivateKey secret = PemFiles.privateKey(key, password);
        if (!belongTogether(secret, chain.get(0).getPublicKey())) {
            throw new IOException(
                    "the key of '" + key + "' is not that of the first certificate of '" + certificate + "'");
        }
        try {
            KeyStore store = empty();
            store.setKeyEntry("own", secret, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use '" + certificate + "': " + e.getMessage(), e);
        }
    }

    /** Certificates of authorities. @throws IOException naming the file that cannot be used */
    public static KeyStore trustStore(Path authorities) throws IOException {
        try {
            KeyStore store = empty();
            int number = 0;
            for (X509Certificate certificate : PemFiles.certificates(authorities)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use '" + authorities + "': " + e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** What the key has signed, the certificate's key must recognise. */
    private static boolean belongTogether(PrivateKey secret, PublicKey open) {
        String algorithm = switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a key of another algorithm
        }
    }
}
