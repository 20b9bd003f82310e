package io.zeptodb.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** How many rows of a batch go into a message of so many bytes. Stateless. */
final class RowSizes {
    private RowSizes() {}

    /**
     * Rows from one on that have about these bytes; at least one.
     *
     * @param mostRows at least one
     */
    static int rowsWithin(VectorSchemaRoot batch, int first, long mostBytes, long mostRows) {
        int rows = (int) Math.min(batch.getRowCount() - first, mostRows);
        List<BaseVariableWidthViewVector> texts = new ArrayList<>();
        double fixed = 0;
        for (FieldVector column : batch.getFieldVectors()) {
            if (column instanceof BaseVariableWidthViewVector views) {
                texts.add(views);
            } else if (column instanceof BaseFixedWidthVector numbers) {
                fixed += numbers.getTypeWidth() + 1.0 / Byte.SIZE;
            } else {
                // of nested values only the mean is known
                fixed += (double) column.getBufferSize() / Math.max(1, batch.getRowCount());
            }
        }
        double bytes = 0;
        for (int i = 0; i < rows; i++) {
            bytes += fixed;
            for (BaseVariableWidthViewVector views : texts) {
                bytes += CompactTexts.bytes(views, first + i);
            }
            if (bytes > mostBytes) {
                return Math.max(1, i);
            }
        }
        return rows;
    }
}
