package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.kernel.Bitmaps;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Columns as Arrow vectors that share their memory. */
public final class ArrowVectors {
    private static final int BYTE_BITS = 8;
    private static final int SHORT_BITS = 16;
    private static final int INT_BITS = 32;
    private static final int LONG_BITS = 64;
    private static final int DECIMAL_BITS = 128;

    private ArrowVectors() {}

    /** The Arrow type of a column's values; of a SYMBOL that of its codes. */
    public static ArrowType typeOf(ColumnType type) {
        return switch (type.kind()) {
            case NULL -> new ArrowType.Null();
            case BOOLEAN -> new ArrowType.Bool();
            case TINYINT -> new ArrowType.Int(BYTE_BITS, true);
            case SMALLINT -> new ArrowType.Int(SHORT_BITS, true);
            case INTEGER, SYMBOL -> new ArrowType.Int(INT_BITS, true);
            case BIGINT -> new ArrowType.Int(LONG_BITS, true);
            case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case DECIMAL -> new ArrowType.Decimal(type.precision(), type.scale(), DECIMAL_BITS);
            case VARCHAR -> new ArrowType.Utf8View();
            case VARBINARY, ARRAY, ROW -> new ArrowType.BinaryView();
            case DATE -> new ArrowType.Date(DateUnit.DAY);
            case TIME -> new ArrowType.Time(TimeUnit.NANOSECOND, LONG_BITS);
            case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
            case INTERVAL_DAY -> new ArrowType.Duration(TimeUnit.NANOSECOND);
            case INTERVAL_MONTH -> new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
        };
    }

    /**
     * The first rows of a vector that is not constant, as an Arrow vector that retains the buffers; close it.
     *
     * @param allocator that the retained memory counts against
     */
    public static FieldVector share(ColumnVector column, int rows, String name, BufferAllocator allocator) {
        Field field = new Field(name, FieldType.nullable(typeOf(column.type())), null);
        FieldVector vector = field.createVector(allocator);
        ArrowBuf data = column.dataBuffer();
        if (rows == 0 || data == null) {
            vector.setValueCount(rows);
            return vector;
        }
        int nulls = column.hasNulls() ? rows - Bitmaps.count(column.validity(), rows) : 0;
        List<ArrowBuf> buffers = new ArrayList<>();
        ArrowBuf bits = column.validityBuffer();
        buffers.add(
                bits == null
                        ? allocator.getEmpty()
                        : slice(bits, column.validity(), (rows + BYTE_BITS - 1L) / BYTE_BITS));
        buffers.add(slice(data, column.data(), bytes(column.type(), rows)));
        if (column.type().kind().isView()) {
            // slices have a writer index, up to which Arrow's IPC writers take bytes
            for (ArrowBuf heap : column.heaps()) {
                buffers.add(heap.slice(0, heap.capacity()));
            }
        }
        vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
        return vector;
    }

    private static long bytes(ColumnType type, int rows) {
        return type.width() == 0 ? (rows + BYTE_BITS - 1L) / BYTE_BITS : (long) rows * type.width();
    }

    private static ArrowBuf slice(ArrowBuf buffer, long address, long bytes) {
        return buffer.slice(address - buffer.memoryAddress(), bytes);
    }
}
