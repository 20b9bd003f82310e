package io.zeptodb.jdbc.tls;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Private keys in the forms of PKCS#1 and SEC 1, put into PKCS#8, which is what the JDK reads. Both are in DER. */
final class OlderKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    /** Field 0 of ECPrivateKey: the curve. */
    private static final int EC_PARAMETERS = 0xA0;

    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int LONG_LENGTH = 0x80;
    private static final int BYTE = 0xFF;

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    /** rsaEncryption, 1.2.840.113549.1.1.1, with NULL. */
    private static final byte[] RSA = {
        0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** id-ecPublicKey, 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private OlderKeys() {}

    static byte[] rsa(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, RSA, element(OCTET_STRING, pkcs1));
    }

    /** Null when the key does not name its curve. */
    static byte @Nullable [] ec(byte[] sec1) {
        int[] at = {0};
        if (!enter(sec1, at, SEQUENCE)) {
            return null;
        }
        while (at[0] < sec1.length) {
            int tag = sec1[at[0]] & BYTE;
            if (tag == EC_PARAMETERS) {
                enter(sec1, at, EC_PARAMETERS);
                int start = at[0];
                if (start >= sec1.length || (sec1[start] & BYTE) != OBJECT_IDENTIFIER || !skip(sec1, at)) {
                    return null;
                }
                byte[] curve = java.util.Arrays.copyOfRange(sec1, start, at[0]);
                return element(SEQUENCE, VERSION_0, element(SEQUENCE, EC, curve), element(OCTET_STRING, sec1));
            }
            if (!skip(sec1, at)) {
                return null;
            }
        }
        return null;
    }

    /** Moves behind the tag and the length. */
    private static boolean enter(byte[] der, int[] at, int tag) {
        return at[0] < der.length && (der[at[0]] & BYTE) == tag && length(der, at) >= 0;
    }

    private static boolean skip(byte[] der, int[] at) {
        int length = length(der, at);
        at[0] += Math.max(0, length);
        return length >= 0 && at[0] <= der.length;
    }

    /** Of the element that begins here, moving to its content; -1 when it has none that fits. */
    private static int length(byte[] der, int[] at) {
        int from = at[0] + 1;
        if (from >= der.length) {
            return -1;
        }
        int first = der[from++] & BYTE;
        int length = first;
        if (first >= LONG_LENGTH) {
            length = 0;
            for (int i = first - LONG_LENGTH; i > 0 && from < der.length; i--) {
                length = length << Byte.SIZE | (der[from++] & BYTE);
            }
        }
        at[0] = from;
        return length < 0 || length > der.length - from ? -1 : length;
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int size = content.size();
        if (size < LONG_LENGTH) {
            out.write(size);
        } else if (size <= BYTE) {
            out.write(LONG_LENGTH + 1);
            out.write(size);
        } else {
            out.write(LONG_LENGTH + 2);
            out.write(size >> Byte.SIZE);
            out.write(size);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
