package io.zeptodb.engine.tier;

import com.google.flatbuffers.FlatBufferBuilder;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ArrowVectors;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The messages of Arrow's IPC format that a segment's file has, as bytes. */
final class ArrowMessages {
    private static final int INT_BITS = 32;
    private static final int FIRST_BYTES = 1024;

    /**
     * A column of a batch.
     *
     * @param nulls rows that are NULL
     * @param buffers validity, values and what follows them; offsets from the beginning of the batch's body
     * @param heaps how many heaps are among the buffers, -1 for a column that is not of views
     */
    record Node(long nulls, List<SegmentIndex.Part> buffers, int heaps) {}

    private ArrowMessages() {}

    /** What Arrow's readers see of a segment: the table's columns, SYMBOL as a dictionary of texts, and the sequence numbers. */
    static Schema schema(TableMetadata table) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < table.schema().columns().size(); i++) {
            ColumnDefinition column = table.schema().columns().get(i);
            fields.add(field(column.name(), column.type(), table.columnId(i)));
        }
        fields.add(field(sequenceName(table), ColumnType.BIGINT, TableMetadata.SEQUENCE_ID));
        return new Schema(fields);
    }

    private static Field field(String name, ColumnType type, int id) {
        boolean symbol = type.kind() == TypeKind.SYMBOL;
        DictionaryEncoding encoding =
                symbol ? new DictionaryEncoding(id, false, new ArrowType.Int(INT_BITS, true)) : null;
        ArrowType arrow = symbol ? new ArrowType.Utf8() : ArrowVectors.typeOf(type);
        boolean nullable = id != TableMetadata.SEQUENCE_ID;
        Map<String, String> notes = Map.of("zepto.column", Integer.toString(id), "zepto.type", type.toString());
        return new Field(name, new FieldType(nullable, arrow, encoding, notes), null);
    }

    private static String sequenceName(TableMetadata table) {
        String name = SegmentFormat.SEQUENCE_NAME;
        while (table.schema().ordinalOf(name) >= 0) {
            name = "_" + name;
        }
        return name;
    }

    static byte[] schemaMessage(Schema schema) {
        FlatBufferBuilder builder = new FlatBufferBuilder(FIRST_BYTES);
        return message(builder, MessageHeader.Schema, schema.getSchema(builder), 0);
    }

    static byte[] batchMessage(long rows, List<Node> nodes, long bodyBytes, SegmentCompression compression) {
        FlatBufferBuilder builder = new FlatBufferBuilder(FIRST_BYTES);
        int batch = batch(builder, rows, nodes, compression);
        return message(builder, MessageHeader.RecordBatch, batch, bodyBytes);
    }

    static byte[] dictionaryMessage(int id, long rows, Node node, long bodyBytes) {
        FlatBufferBuilder builder = new FlatBufferBuilder(FIRST_BYTES);
        int batch = batch(builder, rows, List.of(node), SegmentCompression.NONE);
        int dictionary = DictionaryBatch.createDictionaryBatch(builder, id, batch, false);
        return message(builder, MessageHeader.DictionaryBatch, dictionary, bodyBytes);
    }

    private static int batch(FlatBufferBuilder builder, long rows, List<Node> nodes, SegmentCompression compression) {
        // structs are written last one first
        RecordBatch.startNodesVector(builder, nodes.size());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            FieldNode.createFieldNode(builder, rows, nodes.get(i).nulls());
        }
        int nodesAt = builder.endVector();
        List<SegmentIndex.Part> buffers =
                nodes.stream().flatMap(node -> node.buffers().stream()).toList();
        RecordBatch.startBuffersVector(builder, buffers.size());
        for (int i = buffers.size() - 1; i >= 0; i--) {
            Buffer.createBuffer(builder, buffers.get(i).offset(), buffers.get(i).length());
        }
        int buffersAt = builder.endVector();
        long[] heaps = nodes.stream()
                .filter(node -> node.heaps() >= 0)
                .mapToLong(Node::heaps)
                .toArray();
        int heapsAt = heaps.length == 0 ? 0 : RecordBatch.createVariadicBufferCountsVector(builder, heaps);
        int compressionAt = compression == SegmentCompression.NONE
                ? 0
                : BodyCompression.createBodyCompression(
                        builder,
                        compression == SegmentCompression.LZ4 ? CompressionType.LZ4_FRAME : CompressionType.ZSTD,
                        BodyCompressionMethod.BUFFER);
        return RecordBatch.createRecordBatch(builder, rows, nodesAt, buffersAt, compressionAt, heapsAt);
    }

    private static byte[] message(FlatBufferBuilder builder, byte kind, int header, long bodyBytes) {
        Message.startMessage(builder);
        Message.addHeaderType(builder, kind);
        Message.addHeader(builder, header);
        Message.addVersion(builder, MetadataVersion.V5);
        Message.addBodyLength(builder, bodyBytes);
        builder.finish(Message.endMessage(builder));
        return builder.sizedByteArray();
    }
}
