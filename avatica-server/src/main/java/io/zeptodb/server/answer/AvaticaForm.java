package io.zeptodb.server.answer;

import org.jspecify.annotations.Nullable;

/** The two forms of Avatica's messages. They come to one address, and their first byte tells them apart. */
public enum AvaticaForm {
    /** Every message begins with the tag of field 1, a text, which no JSON text begins with. */
    PROTOBUF(0x0A, "application/octet-stream"),
    JSON('{', "application/json;charset=utf-8");

    private final int first;
    private final String mediaType;

    AvaticaForm(int first, String mediaType) {
        this.first = first;
        this.mediaType = mediaType;
    }

    /** The form of a message that begins with this byte; null when it is no message of Avatica's. */
    public static @Nullable AvaticaForm beginningWith(int first) {
        return first == PROTOBUF.first ? PROTOBUF : first == JSON.first ? JSON : null;
    }

    /** The form in which a message is read: what is none of either is left to the reader of JSON, who says what is wrong with it. */
    public static AvaticaForm of(byte[] message) {
        return message.length > 0 && message[0] == PROTOBUF.first ? PROTOBUF : JSON;
    }

    /** Of answers. */
    public String mediaType() {
        return mediaType;
    }
}
