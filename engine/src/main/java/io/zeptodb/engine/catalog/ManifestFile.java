package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.Frame;
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The file of the {@link Manifest}: one {@link Frame} of kind 1. It is written whole beside the old one, synced, and takes its name in one step, so
 * that a crash leaves the old or the new one.
 *
 * <pre>
 *   database id (16), generation (8), catalog version (8), next table id (8), next segment (8)
 *   log: first file (8), frame (8), mark file (8), mark length (8)
 *   tables (4), then of each: {@link TableEncoding}, next sequence (8),
 *     dictionaries (4), of each: column id (4), file name, bytes (8), codes (4)
 *     partitions (4), of each: slice start (8), end (8), of NULL times (1), sealed through (8),
 *       segments (4), of each: {@link SegmentEncoding}, deleted (4), numbers (4 each)
 * </pre>
 */
public final class ManifestFile {
    public static final String NAME = "manifest";
    public static final String NEXT_NAME = "manifest.tmp";

    private static final int KIND = 1;
    private static final int VERSION = 1;
    private static final int FIRST_BYTES = 1 << 12;
    private static final int LEAST_BYTES = 17;

    private ManifestFile() {}

    /** Makes this the manifest of the folder, durably. */
    public static void write(Directory directory, Manifest manifest) {
        writeNext(directory, manifest);
        adoptNext(directory);
    }

    /** Writes it beside the present one, which stays. */
    public static void writeNext(Directory directory, Manifest manifest) {
        ByteWriter out = new ByteWriter(FIRST_BYTES);
        out.take(Frame.HEADER_BYTES);
        encode(out, manifest);
        Frame.seal(out.bytes(), 0, out.length() - Frame.HEADER_BYTES, KIND, 0, VERSION, manifest.generation(), 0);
        try (OutputFile file = directory.create(NEXT_NAME)) {
            file.write(out.bytes(), 0, out.length());
            file.sync();
        }
    }

    /** Makes what {@link #writeNext} wrote the manifest, durably. When it fails, the folder has the one or the other. */
    public static void adoptNext(Directory directory) {
        directory.rename(NEXT_NAME, NAME);
        directory.sync();
    }

    private static void encode(ByteWriter out, Manifest manifest) {
        out.putLong(manifest.database().getMostSignificantBits());
        out.putLong(manifest.database().getLeastSignificantBits());
        out.putLong(manifest.generation());
        Catalog catalog = manifest.catalog();
        out.putLong(catalog.version()).putLong(catalog.nextTableId()).putLong(manifest.nextSegment());
        LogPlace log = manifest.log();
        out.putLong(log.firstFile())
                .putLong(log.frame())
                .putLong(log.markFile())
                .putLong(log.markLength());
        out.putInt(manifest.tables().size());
        for (TableContents table : manifest.tables()) {
            TableEncoding.write(out, catalog.ofId(table.tableId()));
            out.putLong(table.nextSequence());
            out.putInt(table.dictionaries().size());
            for (DictionaryFile file : table.dictionaries()) {
                out.putInt(file.columnId())
                        .putText(file.file())
                        .putLong(file.bytes())
                        .putInt(file.codes());
            }
            out.putInt(table.partitions().size());
            for (PartitionContents partition : table.partitions()) {
                SegmentEncoding.writeSlice(out, partition.slice());
                out.putLong(partition.sealedThrough());
                out.putInt(partition.segments().size());
                for (SegmentContents segment : partition.segments()) {
                    SegmentEncoding.write(out, segment.metadata());
                    out.putInt(segment.deleted().length);
                    for (int number : segment.deleted()) {
                        out.putInt(number);
                    }
                }
            }
        }
    }

    /** Whether the folder has one. */
    public static boolean exists(Directory directory) {
        return directory.exists(NAME);
    }

    /**
     * Reads the manifest of the folder.
     *
     * @throws EngineException CORRUPTION with file and offset; FEATURE_NOT_SUPPORTED when a newer version wrote it; FILE_NOT_FOUND
     */
    public static Manifest read(Directory directory) {
        byte[] bytes = directory.readAll(NAME);
        String path = directory.path(NAME);
        if (!Frame.isWhole(bytes, 0, bytes.length)) {
            throw new EngineException(
                    ErrorCode.CORRUPTION,
                    "'" + path + "' is damaged at offset 0: its " + bytes.length
                            + " bytes do not have the length and the checksum of a manifest");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = Frame.version(header, 0);
        if (version > VERSION) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "'" + path + "' was written by a newer version: its layout is " + version + ", this one reads "
                            + VERSION);
        }
        int end = Frame.HEADER_BYTES + Frame.length(header, 0);
        ByteReader in = new ByteReader(bytes, Frame.HEADER_BYTES, end, path, 0);
        if (Frame.kind(header, 0) != KIND || end != bytes.length) {
            throw in.corrupt("it is no manifest, or has " + (bytes.length - end) + " bytes too many");
        }
        Manifest manifest = decode(in);
        in.expectEnd();
        return manifest;
    }

    private static Manifest decode(ByteReader in) {
        UUID database = new UUID(in.getLong(), in.getLong());
        long generation = in.getLong();
        long catalogVersion = in.getLong();
        long nextTableId = in.getLong();
        long nextSegment = in.getLong();
        LogPlace log = new LogPlace(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        List<TableMetadata> metadata = new ArrayList<>();
        List<TableContents> tables = new ArrayList<>();
        for (int left = in.getCount(LEAST_BYTES); left > 0; left--) {
            TableMetadata table = TableEncoding.read(in);
            metadata.add(table);
            tables.add(new TableContents(table.id(), in.getLong(), dictionaries(in), partitions(in)));
        }
        Catalog catalog = Catalog.restore(catalogVersion, nextTableId, metadata);
        return new Manifest(database, generation, catalog, nextSegment, log, tables);
    }

    private static List<DictionaryFile> dictionaries(ByteReader in) {
        List<DictionaryFile> files = new ArrayList<>();
        for (int left = in.getCount(LEAST_BYTES); left > 0; left--) {
            files.add(new DictionaryFile(in.getInt(), in.getText(), in.getLong(), in.getInt()));
        }
        return files;
    }

    private static List<PartitionContents> partitions(ByteReader in) {
        List<PartitionContents> partitions = new ArrayList<>();
        for (int left = in.getCount(LEAST_BYTES); left > 0; left--) {
            SegmentMetadata.Slice slice = SegmentEncoding.readSlice(in);
            long sealedThrough = in.getLong();
            List<SegmentContents> segments = new ArrayList<>();
            for (int more = in.getCount(LEAST_BYTES); more > 0; more--) {
                SegmentMetadata segment = SegmentEncoding.read(in);
                int[] deleted = new int[in.getCount(Integer.BYTES)];
                for (int i = 0; i < deleted.length; i++) {
                    deleted[i] = in.getInt();
                }
                segments.add(new SegmentContents(segment, deleted));
            }
            partitions.add(new PartitionContents(slice, sealedThrough, segments));
        }
        return partitions;
    }
}
