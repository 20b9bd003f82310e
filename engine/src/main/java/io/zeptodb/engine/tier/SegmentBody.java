package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealedRuns;
import io.zeptodb.engine.store.OutputFile;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.Schema;

/** Writes the bytes of one segment: header, dictionaries, one batch, index, footer. One thread. */
final class SegmentBody {
    private final SegmentSpec spec;
    private final TableMetadata table;
    private final MergedRows rows;
    private final BodyColumns columns;
    private final OutputFile file;
    private final CheckedOutput out;
    private final List<SegmentIndex.Column> written = new ArrayList<>();
    private final List<ArrowBlock> dictionaries = new ArrayList<>();

    SegmentBody(BodyColumns columns, OutputFile file) {
        this.spec = columns.spec;
        this.table = spec.table();
        this.rows = columns.rows;
        this.columns = columns;
        this.file = file;
        this.out = new CheckedOutput(file);
    }

    SegmentMetadata write() {
        List<ColumnShape> shapes = new ArrayList<>();
        for (int i = 0; i < columns.count(); i++) {
            shapes.add(columns.measure(i));
        }
        Schema schema = ArrowMessages.schema(table);
        out.write(SegmentFormat.ARROW_MAGIC, 0, SegmentFormat.ARROW_MAGIC.length);
        out.align(SegmentFormat.MESSAGE_ALIGNMENT);
        writeMessage(ArrowMessages.schemaMessage(schema));
        for (int i = 0; i < columns.count(); i++) {
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
        List<SegmentMetadata.Column> known = new ArrayList<>();
        for (int i = 0; i < columns.count() - 1; i++) {
            known.add(new SegmentMetadata.Column(columns.id(i), written.get(i).statistics()));
        }
        int time = table.schema().timestampOrdinal();
        return new SegmentMetadata(
                spec.number(),
                new SegmentMetadata.Contents(file.name(), file.length(), checksum, spec.compression()),
                rows.rows(),
                spec.slice(),
                time < 0 ? SegmentMetadata.Span.NONE : span(written.get(time).statistics()),
                span(written.get(columns.count() - 1).statistics()),
                known);
    }

    private static SegmentMetadata.Span span(ColumnStatistics known) {
        return known.hasBounds()
                ? SegmentMetadata.Span.of(known.minLong(), known.maxLong())
                : SegmentMetadata.Span.NONE;
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
        SymbolTexts texts = columns.symbols(column);
        if (texts == null) {
            return;
        }
        SymbolTexts.Extent extent = texts.extent(rows.rows());
        ColumnShape shape = new ColumnShape(ColumnType.SYMBOL, 0, extent.bufferBytes(), extent.bufferBytes());
        long bodyBytes = shape.paddedBytes();
        byte[] message = ArrowMessages.dictionaryMessage(columns.id(column), extent.count(), shape.node(0), bodyBytes);
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
        ColumnStatistics statistics = columns.write(column, shape, out);
        written.add(new SegmentIndex.Column(
                columns.id(column),
                columns.type(column),
                statistics,
                shape.nulls() == 0 ? null : parts.get(0),
                parts.get(1),
                parts.subList(2, parts.size())));
    }
}
