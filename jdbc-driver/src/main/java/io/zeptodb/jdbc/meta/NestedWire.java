package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nested values as bytes, in {@link WireFormat#EXACT}; both sides know the type. Each part: a byte, 0 for NULL, then, big-endian, BOOLEAN a byte,
 * REAL and DOUBLE 8 bytes, other numbers and times 8 bytes, DECIMAL the unscaled value as int32 length and bytes, texts and binaries so too, ARRAY
 * int32 count and its parts, ROW its parts. Stateless.
 */
final class NestedWire {
    private NestedWire() {}

    /** @param value in the form of {@link io.zeptodb.engine.api.NestedText} */
    static byte[] encode(ColumnType type, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            write(type, value, output);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(ColumnType type, @Nullable Object value, DataOutputStream output) throws IOException {
        output.writeBoolean(value != null);
        if (value == null) {
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> output.writeBoolean((Boolean) value);
            case REAL, DOUBLE -> output.writeDouble((Double) value);
            case DECIMAL -> writeBytes(((BigDecimal) value).unscaledValue().toByteArray(), output);
            case VARCHAR, SYMBOL -> writeBytes(((String) value).getBytes(StandardCharsets.UTF_8), output);
            case VARBINARY -> writeBytes((byte[]) value, output);
            case ARRAY -> {
                List<?> elements = (List<?>) value;
                output.writeInt(elements.size());
                for (Object element : elements) {
                    write(type.element(), element, output);
                }
            }
            case ROW -> {
                List<?> parts = (List<?>) value;
                for (int i = 0; i < parts.size(); i++) {
                    write(type.fields().get(i).type(), parts.get(i), output);
                }
            }
            default -> output.writeLong(((Number) value).longValue());
        }
    }

    private static void writeBytes(byte[] bytes, DataOutputStream output) throws IOException {
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    /** What {@link #encode} had. */
    static @Nullable Object decode(ColumnType type, byte[] bytes) {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return read(type, input);
        } catch (IOException e) {
            throw new UncheckedIOException("a value of type " + type + " ends too early", e);
        }
    }

    private static @Nullable Object read(ColumnType type, DataInputStream input) throws IOException {
        if (!input.readBoolean() || type.kind() == TypeKind.NULL) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> input.readBoolean();
            case REAL, DOUBLE -> input.readDouble();
            case DECIMAL -> new BigDecimal(new BigInteger(readBytes(input)), type.scale());
            case VARCHAR, SYMBOL -> new String(readBytes(input), StandardCharsets.UTF_8);
            case VARBINARY -> readBytes(input);
            case ARRAY -> {
                int count = input.readInt();
                List<@Nullable Object> elements = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    elements.add(read(type.element(), input));
                }
                yield elements;
            }
            case ROW -> {
                List<@Nullable Object> parts = new ArrayList<>();
                for (NestedField field : type.fields()) {
                    parts.add(read(field.type(), input));
                }
                yield parts;
            }
            default -> input.readLong();
        };
    }

    private static byte[] readBytes(DataInputStream input) throws IOException {
        byte[] bytes = input.readNBytes(input.readInt());
        return bytes;
    }
}
