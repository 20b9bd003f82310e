package io.zeptodb.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.jdbc.tls.PemFiles;
import io.zeptodb.jdbc.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and keys in the forms in which people have them, and files that are none. */
class PemFilesTest {
    @TempDir
    private Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("file.pem"), text);
    }

    private static KeyPair pair(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (size > 0) {
            generator.initialize(size);
        }
        return generator.generateKeyPair();
    }

    /** PKCS#8 is version, algorithm and the older form in an octet string. */
    private static byte[] inner(byte[] pkcs8, String algorithm) {
        int skipped = algorithm.equals("RSA") ? 26 : 28;
        return Arrays.copyOfRange(pkcs8, skipped, pkcs8.length);
    }

    @Test
    void keysInPkcs8() throws Exception {
        for (KeyPair pair : List.of(pair("RSA", 2048), pair("EC", 256), pair("Ed25519", 0))) {
            PrivateKey key = pair.getPrivate();
            Path file = write("Some words before\n" + TestCertificates.pem("PRIVATE KEY", key.getEncoded()));
            assertThat(PemFiles.privateKey(file, null).getEncoded()).isEqualTo(key.getEncoded());
        }
    }

    @Test
    void keysOfOpenSslsOlderForms() throws Exception {
        PrivateKey rsa = pair("RSA", 2048).getPrivate();
        Path file = write(TestCertificates.pem("RSA PRIVATE KEY", inner(rsa.getEncoded(), "RSA")));
        assertThat(PemFiles.privateKey(file, null)).isEqualTo(rsa);

        PrivateKey ec = pair("EC", 256).getPrivate();
        byte[] bare = inner(ec.getEncoded(), "EC");
        assertThatThrownBy(() -> PemFiles.privateKey(write(TestCertificates.pem("EC PRIVATE KEY", bare)), null))
                .hasMessageContaining("does not name its curve")
                .hasMessageContaining("openssl pkcs8 -topk8");
        // as openssl ecparam -genkey writes it: with the curve (prime256v1) behind the number
        byte[] curve = {0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x03, 0x01, 0x07};
        byte[] named = TestCertificates.der(
                0x30, Arrays.copyOfRange(bare, 2, 2 + 3 + 2 + 32), TestCertificates.der(0xA0, curve));
        PrivateKey read = PemFiles.privateKey(write(TestCertificates.pem("EC PRIVATE KEY", named)), null);
        assertThat(((ECPrivateKey) read).getS()).isEqualTo(((ECPrivateKey) ec).getS());
    }

    @Test
    void encryptedKeysWithTheirPassword() throws Exception {
        PrivateKey key = pair("EC", 256).getPrivate();
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("open".toCharArray())),
                new PBEParameterSpec(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 2048, new IvParameterSpec(new byte[16])));
        byte[] encoded = cipher.getParameters().getEncoded();
        // JDKs before 19 write the name of the scheme with its parameters
        byte[] scheme = {0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x05, 0x0D};
        byte[] named = encoded[2] == 0x06 ? encoded : TestCertificates.der(0x30, scheme, encoded);
        byte[] encrypted =
                TestCertificates.der(0x30, named, TestCertificates.der(0x04, cipher.doFinal(key.getEncoded())));
        Path file = write(TestCertificates.pem("ENCRYPTED PRIVATE KEY", encrypted));
        assertThat(PemFiles.privateKey(file, "open".toCharArray())).isEqualTo(key);
        assertThatThrownBy(() -> PemFiles.privateKey(file, "shut".toCharArray()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be decrypted: the password is wrong");
        assertThatThrownBy(() -> PemFiles.privateKey(file, null)).hasMessageContaining("no password is given");
    }

    @Test
    void certificatesAndWhatBelongsToThem() throws Exception {
        TestCertificates authority = TestCertificates.authority(folder, "root");
        Path server = authority.issue("server");
        Path other = authority.issue("other");
        List<X509Certificate> chain = PemFiles.certificates(server);
        assertThat(chain).hasSize(1);
        assertThat(chain.get(0).getSubjectX500Principal().getName()).isEqualTo("CN=server");
        chain.get(0).verify(PemFiles.certificates(authority.file()).get(0).getPublicKey());
        assertThat(TlsIdentity.keyStore(server, authority.key("server"), null).size())
                .isEqualTo(1);
        assertThatThrownBy(() -> TlsIdentity.keyStore(server, authority.key("other"), null))
                .hasMessageContaining("other.key' is not that of the first certificate of");
        assertThat(TlsIdentity.context(authority.file(), other, authority.key("other"), null))
                .isNotNull();
        Path both = write(Files.readString(server)
                + Files.readString(authority.file())
                + Files.readString(authority.key("server")));
        assertThat(PemFiles.certificates(both)).hasSize(2);
        assertThat(TlsIdentity.keyStore(both, both, null).size()).isEqualTo(1);
    }

    @Test
    void filesThatAreNone() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> PemFiles.certificates(missing))
                .hasMessageContaining("missing.pem': there is no such file");
        assertThatThrownBy(() -> PemFiles.certificates(write("hello"))).hasMessageContaining("it has no certificate");
        assertThatThrownBy(() -> PemFiles.privateKey(write("hello"), null)).hasMessageContaining("got no PEM block");
        assertThatThrownBy(() -> PemFiles.certificates(write(TestCertificates.pem("CERTIFICATE", new byte[9]))))
                .hasMessageContaining("certificate 1 cannot be read");
        assertThatThrownBy(() -> PemFiles.privateKey(write(TestCertificates.pem("PRIVATE KEY", new byte[9])), null))
                .hasMessageContaining("its private key is none of RSA, EC, EdDSA");
        for (int length = 0; length < 60; length++) {
            byte[] garbage = new byte[length];
            Arrays.fill(garbage, (byte) (length % 2 == 0 ? 0x30 : 0xA0));
            assertThatThrownBy(() -> PemFiles.privateKey(write(TestCertificates.pem("EC PRIVATE KEY", garbage)), null))
                    .isInstanceOf(IOException.class);
        }
    }
}
