package io.zeptodb.server.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/** Authorities and certificates for tests, in PEM files, made when they are needed. */
public final class TestCertificates {
    private static final byte[] ECDSA_SHA256 = oid(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02);
    private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
    private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1D, 0x13);
    private static final byte[] ALTERNATIVE_NAMES = oid(0x55, 0x1D, 0x11);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String name;
    private final KeyPair keys;
    private final Path folder;

    private TestCertificates(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.keys = keys();
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An authority, whose certificate is in {@code NAME.crt}. */
    public static TestCertificates authority(Path folder, String name) throws IOException {
        TestCertificates authority = new TestCertificates(folder, name);
        Files.writeString(
                folder.resolve(name + ".crt"), pem("CERTIFICATE", authority.certificate(name, authority.keys, true)));
        return authority;
    }

    /** Its certificate. */
    public Path file() {
        return folder.resolve(name + ".crt");
    }

    /** A certificate of localhost, 127.0.0.1 and the subject in {@code SUBJECT.crt}, its key in {@code SUBJECT.key}. */
    public Path issue(String subject) throws IOException {
        KeyPair own = keys();
        Path certificate = folder.resolve(subject + ".crt");
        Files.writeString(certificate, pem("CERTIFICATE", certificate(subject, own, false)));
        Files.writeString(
                folder.resolve(subject + ".key"),
                pem("PRIVATE KEY", own.getPrivate().getEncoded()));
        return certificate;
    }

    /** Of a subject that {@link #issue} has seen. */
    public Path key(String subject) {
        return folder.resolve(subject + ".key");
    }

    public static String pem(String label, byte[] bytes) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private byte[] certificate(String subject, KeyPair own, boolean authority) {
        Instant now = Instant.now();
        byte[] algorithm = der(0x30, ECDSA_SHA256);
        byte[] validity = der(0x30, time(now.minusSeconds(3600)), time(now.plusSeconds(86_400)));
        byte[] extensions = der(
                0xA3,
                der(
                        0x30,
                        extension(BASIC_CONSTRAINTS, authority ? der(0x30, der(0x01, new byte[] {-1})) : der(0x30)),
                        extension(
                                ALTERNATIVE_NAMES,
                                der(0x30, der(0x82, text("localhost")), der(0x82, text(subject)), der(0x87, new byte[] {
                                    127, 0, 0, 1
                                })))));
        byte[] body = der(
                0x30,
                der(0xA0, der(0x02, new byte[] {2})),
                der(
                        0x02,
                        new BigInteger(63, new SecureRandom())
                                .add(BigInteger.ONE)
                                .toByteArray()),
                algorithm,
                name(name),
                validity,
                name(subject),
                own.getPublic().getEncoded(),
                extensions);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] signed = signature.sign();
            byte[] bits = new byte[signed.length + 1];
            System.arraycopy(signed, 0, bits, 1, signed.length);
            return der(0x30, body, algorithm, der(0x03, bits));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] extension(byte[] id, byte[] value) {
        return der(0x30, id, der(0x04, value));
    }

    private static byte[] name(String common) {
        return der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0C, text(common)))));
    }

    private static byte[] time(Instant at) {
        return der(0x17, text(TIME.format(at)));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] oid(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return der(0x06, content);
    }

    static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() > 255) {
            out.write(0x82);
            out.write(content.size() >> 8);
        } else if (content.size() > 127) {
            out.write(0x81);
        }
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
