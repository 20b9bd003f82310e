package io.zeptodb.jdbc.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads PEM files: certificates, and private keys as PKCS#8 ({@code PRIVATE KEY}, {@code ENCRYPTED PRIVATE KEY}) and in the older forms of OpenSSL
 * ({@code RSA PRIVATE KEY}, {@code EC PRIVATE KEY}, not encrypted). Text between the blocks is passed over. Errors name the file and what is wrong with it.
 */
public final class PemFiles {
    private static final long MOST_BYTES = 1 << 20;
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemFiles() {}

    private record Block(String label, byte[] bytes) {}

    /**
     * All certificates of a file, in its order; at least one.
     *
     * @throws IOException when it cannot be read or has none
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.label().equals(CERTIFICATE)) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw wrong(file, "certificate " + (certificates.size() + 1) + " cannot be read: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw wrong(file, "it has no certificate: expected -----BEGIN CERTIFICATE-----", null);
        }
        return certificates;
    }

    /**
     * The private key of a file, the first of them.
     *
     * @param password of an encrypted one; null when there is none
     * @throws IOException when it cannot be read, has none, or is encrypted and the password is missing or wrong
     */
    public static PrivateKey privateKey(Path file, char @Nullable [] password) throws IOException {
        List<String> labels = new ArrayList<>();
        for (Block block : blocks(file)) {
            labels.add(block.label());
            if (block.label().endsWith("PRIVATE KEY")) {
                return key(file, block, password);
            }
        }
        throw wrong(
                file,
                "it has no private key: expected -----BEGIN PRIVATE KEY-----, got "
                        + (labels.isEmpty() ? "no PEM block" : String.join(", ", labels)),
                null);
    }

    private static PrivateKey key(Path file, Block block, char @Nullable [] password) throws IOException {
        return switch (block.label()) {
            case "PRIVATE KEY" -> ofPkcs8(file, block.bytes());
            case "RSA PRIVATE KEY" -> ofPkcs8(file, OlderKeys.rsa(block.bytes()));
            case "EC PRIVATE KEY" -> {
                byte[] wrapped = OlderKeys.ec(block.bytes());
                if (wrapped == null) {
                    throw wrong(
                            file,
                            "its key does not name its curve: write it as PKCS#8 (openssl pkcs8 -topk8 -nodes)",
                            null);
                }
                yield ofPkcs8(file, wrapped);
            }
            case ENCRYPTED -> ofPkcs8(file, decrypted(file, block.bytes(), password));
            default ->
                throw wrong(
                        file,
                        "keys of the form '" + block.label()
                                + "' are not supported: write it as PKCS#8 (openssl pkcs8 -topk8 -nodes)",
                        null);
        };
    }

    private static PrivateKey ofPkcs8(Path file, byte[] encoded) throws IOException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
        GeneralSecurityException last = null;
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw wrong(file, "its private key is none of " + String.join(", ", KEY_ALGORITHMS), last);
    }

    private static byte[] decrypted(Path file, byte[] encoded, char @Nullable [] password) throws IOException {
        if (password == null) {
            throw wrong(file, "its private key is encrypted, and no password is given", null);
        }
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(encoded);
            // of PBES2 the JDK tells the two algorithms in the name of the parameters only
            String name = encrypted.getAlgName();
            String algorithm = name.equals("PBES2") || name.startsWith("1.2.840.113549.1.5.13")
                    ? encrypted.getAlgParameters().toString()
                    : name;
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                    encrypted.getAlgParameters());
            return encrypted.getKeySpec(cipher).getEncoded();
        } catch (InvalidKeyException | java.security.spec.InvalidKeySpecException e) {
            throw wrong(file, "its private key cannot be decrypted: the password is wrong", e);
        } catch (GeneralSecurityException e) {
            throw wrong(file, "the encryption of its private key is not supported: " + e.getMessage(), e);
        }
    }

    private static List<Block> blocks(Path file) throws IOException {
        String text;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw wrong(file, "it is larger than a PEM file is, " + MOST_BYTES + " bytes", null);
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw wrong(file, "there is no such file", e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(body(matcher.group(2)))));
            } catch (IllegalArgumentException e) {
                throw wrong(file, "the block " + matcher.group(1) + " is not base64", e);
            }
        }
        return blocks;
    }

    /** Without the headers that OpenSSL's old encryption writes. */
    private static String body(String block) throws IOException {
        if (block.contains("ENCRYPTED")) {
            throw new IOException("a key is encrypted in OpenSSL's old way: write it as PKCS#8 (openssl pkcs8 -topk8)");
        }
        return block;
    }

    private static IOException wrong(Path file, String message, @Nullable Exception cause) {
        return new IOException("cannot use '" + file + "': " + message, cause);
    }
}
