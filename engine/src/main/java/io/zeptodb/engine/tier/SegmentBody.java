package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnBounds;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealedRuns;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.SegmentStatistics;
import io.zeptodb.engine.store.OutputFile;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Writes the bytes of one segment: header, dictionaries, one batch, index, footer. One thread. */
final class SegmentBody {
    private final SegmentSpec spec;
    private final TableMetadata table;
    private final MergedRows rows;
    private final MemoryBudget budget;
    private final OutputFile file;
    private final CheckedOutput out;
    private final ColumnType[] types;
    private final @Nullable SymbolTexts[] symbols;
    private final List<SegmentIndex.Column> written = new ArrayList<>();
    private final List<ArrowBlock> dictionaries = new ArrayList<>();

    SegmentBody(SegmentSpec spec, MergedRows rows, MemoryBudget budget, OutputFile file) {
        this.spec = spec;
        this.table = spec.table();
        this.rows = rows;
        this.budget = budget;
        this.file = file;
        this.out = new CheckedOutput(file);
        int columns = table.schema().columns().size();
        this.types = new ColumnType[columns + 1];
        for (int i = 0; i < columns; i++) {
            types[i] = table.schema().typeOf(i);
        }
        types[columns] = ColumnType.BIGINT;
        this.symbols = new SymbolTexts[types.length];
    }

    private int ordinal(int column) {
        return column == types.length - 1 ? SegmentSnapshot.SEQUENCE : column;
    }

    private int columnId(int column) {
        return column == types.length - 1 ? TableMetadata.SEQUENCE_ID : table.columnId(column);
    }

    SegmentMetadata write() {
        List<ColumnShape> shapes = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            shapes.add(measure(i));
        }
        Schema schema = ArrowMessages.schema(table);
        out.write(SegmentFormat.ARROW_MAGIC, 0, SegmentFormat.ARROW_MAGIC.length);
        out.align(SegmentFormat.MESSAGE_ALIGNMENT);
        writeMessage(ArrowMessages.schemaMessage(schema));
        for (int i = 0; i < types.length; i++) {
            writeDictionary(i);
        }
        ArrowBlock batch = writeBatch(shapes);
        SealedRuns runs = rows.runs();
        out.writeInt(SegmentFormat.CONTINUATION);
        out.writeInt(0);
        out.endArea();
        SegmentIndex index =
                new SegmentIndex(spec.number(), table.id(), spec.compression(), written, out.areas(), runs);
        int checksum = new SegmentEnd(file).write(index, schema, dictionaries, batch);
        return metadata(checksum);
    }

    private SegmentMetadata metadata(int checksum) {
        List<SegmentMetadata.Column> columns = new ArrayList<>();
        for (int i = 0; i < types.length - 1; i++) {
            columns.add(new SegmentMetadata.Column(columnId(i), written.get(i).statistics()));
        }
        int time = table.schema().timestampOrdinal();
        return new SegmentMetadata(
                spec.number(),
                new SegmentMetadata.Contents(file.name(), file.length(), checksum, spec.compression()),
                rows.rows(),
                spec.slice(),
                time < 0 ? SegmentMetadata.Span.NONE : span(written.get(time).statistics()),
                span(written.get(types.length - 1).statistics()),
                columns);
    }

    private static SegmentMetadata.Span span(ColumnStatistics known) {
        return known.hasBounds()
                ? SegmentMetadata.Span.of(known.minLong(), known.maxLong())
                : SegmentMetadata.Span.NONE;
    }

    /** What must be known of a column before it is written; columns for which that is plain are not looked at. */
    private ColumnShape measure(int column) {
        ColumnType type = types[column];
        boolean isKey = column == table.schema().keyOrdinal();
        boolean symbol = type.kind() == TypeKind.SYMBOL;
        if (!type.kind().isView() && (!symbol || isKey) && (column == types.length - 1 || hasNoNulls(column))) {
            if (symbol) {
                symbols[column] = SymbolTexts.ofKeys(rows, rows.dictionary(column));
            }
            return ColumnShape.plain(type, rows.rows(), 0, List.of());
        }
        try (ColumnGather gather = new ColumnGather(rows, ordinal(column), type, budget)) {
            if (symbol) {
                symbols[column] = new SymbolTexts(gather.dictionary(), gather.codes());
            }
            return ColumnShape.plain(type, rows.rows(), gather.nulls(), gather.heapBytes());
        }
    }

    private boolean hasNoNulls(int column) {
        for (SegmentSnapshot source : spec.sources()) {
            if (source.statistics(column).nullCount() != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the message begins and how long it is, with what stands before and behind it. */
    private ArrowBlock writeMessage(byte[] message) {
        return writeMessage(message, SegmentFormat.MESSAGE_ALIGNMENT, 0);
    }

    private ArrowBlock writeMessage(byte[] message, int bodyAlignment, long bodyBytes) {
        long start = out.position();
        long end = start + SegmentFormat.MESSAGE_PREFIX_BYTES + message.length;
        int padding = (int) (-end & (bodyAlignment - 1));
        out.writeInt(SegmentFormat.CONTINUATION);
        out.writeInt(message.length + padding);
        out.write(message, 0, message.length);
        out.zeros(padding);
        return new ArrowBlock(start, (int) (out.position() - start), bodyBytes);
    }

    private void writeDictionary(int column) {
        SymbolTexts texts = symbols[column];
        if (texts == null) {
            return;
        }
        SymbolTexts.Extent extent = texts.extent(rows.rows());
        ColumnShape shape = new ColumnShape(ColumnType.SYMBOL, 0, extent.bufferBytes(), extent.bufferBytes());
        long bodyBytes = shape.paddedBytes();
        byte[] message = ArrowMessages.dictionaryMessage(columnId(column), extent.count(), shape.node(0), bodyBytes);
        dictionaries.add(writeMessage(message, SegmentFormat.ALIGNMENT, bodyBytes));
        texts.write(extent, out);
    }

    private ArrowBlock writeBatch(List<ColumnShape> shapes) {
        List<ArrowMessages.Node> nodes = new ArrayList<>();
        long bodyBytes = 0;
        for (ColumnShape shape : shapes) {
            nodes.add(shape.node(bodyBytes));
            bodyBytes += shape.paddedBytes();
        }
        byte[] message = ArrowMessages.batchMessage(rows.rows(), nodes, bodyBytes, spec.compression());
        ArrowBlock block = writeMessage(message, SegmentFormat.ALIGNMENT, bodyBytes);
        for (int i = 0; i < shapes.size(); i++) {
            writeColumn(i, shapes.get(i));
        }
        return block;
    }

    private void writeColumn(int column, ColumnShape shape) {
        List<SegmentIndex.Part> parts = shape.parts(out.position());
        try (ColumnGather gather = new ColumnGather(rows, ordinal(column), types[column], budget)) {
            if (gather.nulls() != shape.nulls()
                    || !shape.equals(
                            ColumnShape.plain(types[column], rows.rows(), gather.nulls(), gather.heapBytes()))) {
                throw new IllegalStateException("column " + column + " is not as it was measured");
            }
            ArrowBuf validity = gather.values().validity();
            writeBuffer(
                    shape.nulls() == 0 || validity == null ? 0 : validity.memoryAddress(),
                    shape.rawBytes().get(0));
            writeBuffer(gather.values().data().memoryAddress(), shape.rawBytes().get(1));
            if (parts.size() > 2) {
                writeHeaps(gather, shape);
            }
            ColumnBounds bounds = gather.bounds();
            written.add(new SegmentIndex.Column(
                    columnId(column),
                    types[column],
                    SegmentStatistics.of(bounds),
                    shape.nulls() == 0 ? null : parts.get(0),
                    parts.get(1),
                    parts.subList(2, parts.size())));
        }
    }

    private void writeBuffer(long address, long bytes) {
        out.beginAreaFor(SegmentFormat.padded(bytes));
        out.write(address, bytes);
        endBuffer(bytes);
    }

    private void endBuffer(long bytes) {
        out.zeros((int) (SegmentFormat.padded(bytes) - bytes));
    }

    private void writeHeaps(ColumnGather gather, ColumnShape shape) {
        ColumnGather.HeapPlaces places = new ColumnGather.HeapPlaces();
        List<Long> bytes = shape.rawBytes();
        gather.eachLongText((address, length) -> {
            if (places.place(length) == 0) {
                int heap = places.count();
                if (heap > 1) {
                    endBuffer(bytes.get(heap));
                }
                out.beginAreaFor(SegmentFormat.padded(bytes.get(heap + 1)));
            }
            out.write(address, length);
        });
        endBuffer(bytes.get(bytes.size() - 1));
    }
}
