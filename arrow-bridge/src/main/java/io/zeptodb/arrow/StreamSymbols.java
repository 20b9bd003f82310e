package io.zeptodb.arrow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The dictionary of one SYMBOL column of a stream. The table's has every symbol that it ever saw; a stream gets those that its rows have, in the order
 * in which they come, as codes of its own. One thread.
 */
final class StreamSymbols {
    private static final Field TEXT = new Field("symbol", FieldType.nullable(ArrowType.Utf8View.INSTANCE), null);
    private static final int FIRST_ADDED = 16;

    /** By the table's code: the stream's code plus one, 0 for a symbol that did not come yet. */
    private int[] codes = {};

    private int count;
    /** The table's codes of the symbols that came with the last column. */
    private int[] added = new int[FIRST_ADDED];

    private int addedCount;

    /** In a message a column with a dictionary has the type of its texts. */
    static Schema asSent(Schema schema) {
        return retyped(schema, encoding -> TEXT.getType());
    }

    /** In memory a column with a dictionary has the type of its codes. */
    static Schema asRead(Schema sent) {
        return retyped(sent, DictionaryEncoding::getIndexType);
    }

    private static Schema retyped(Schema schema, Function<DictionaryEncoding, ArrowType> type) {
        List<Field> fields = new ArrayList<>();
        for (Field field : schema.getFields()) {
            DictionaryEncoding encoding = field.getDictionary();
            fields.add(
                    encoding == null
                            ? field
                            : new Field(
                                    field.getName(),
                                    new FieldType(
                                            field.isNullable(), type.apply(encoding), encoding, field.getMetadata()),
                                    null));
        }
        return new Schema(fields, schema.getCustomMetadata());
    }

    /**
     * The column with codes of the stream; the caller closes it.
     *
     * @param known symbols of the table's dictionary
     */
    IntVector encode(IntVector column, int known, BufferAllocator allocator) {
        int rows = column.getValueCount();
        if (codes.length < known) {
            codes = Arrays.copyOf(codes, known);
        }
        addedCount = 0;
        IntVector encoded = new IntVector(column.getField(), allocator);
        try {
            encoded.allocateNew(rows);
            encoded.setValueCount(rows);
            ArrowBuf from = column.getDataBuffer();
            ArrowBuf to = encoded.getDataBuffer();
            boolean hasNulls = column.getNullCount() > 0;
            for (int row = 0; row < rows; row++) {
                long at = (long) row * Integer.BYTES;
                boolean isNull = hasNulls && column.isNull(row);
                to.setInt(at, isNull ? 0 : codeOf(from.getInt(at)));
            }
            encoded.getValidityBuffer()
                    .setBytes(0, column.getValidityBuffer(), 0, BitVectorHelper.getValidityBufferSizeFromCount(rows));
            return encoded;
        } catch (RuntimeException | Error e) {
            encoded.close();
            throw e;
        }
    }

    private int codeOf(int known) {
        int code = codes[known];
        if (code == 0) {
            code = ++count;
            codes[known] = code;
            if (addedCount == added.length) {
                added = Arrays.copyOf(added, 2 * addedCount);
            }
            added[addedCount++] = known;
        }
        return code - 1;
    }

    /** Whether the last column brought symbols that are new to the stream. */
    boolean hasAdded() {
        return addedCount > 0;
    }

    /** The texts of the symbols that came with the last column; the caller closes them. */
    ViewVarCharVector added(FieldVector dictionary, BufferAllocator allocator) {
        ViewVarCharVector known = (ViewVarCharVector) dictionary;
        ViewVarCharVector texts = (ViewVarCharVector) TEXT.createVector(allocator);
        try {
            texts.allocateNew(addedCount + 1); // setSafe does not see that a small vector is full
            for (int i = 0; i < addedCount; i++) {
                texts.setSafe(i, known.get(added[i]));
            }
            texts.setValueCount(addedCount);
            return texts;
        } catch (RuntimeException | Error e) {
            texts.close();
            throw e;
        }
    }
}
