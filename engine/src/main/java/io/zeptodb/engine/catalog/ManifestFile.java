package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.catalog.Manifest.LogPlace;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FrameInput;
import io.zeptodb.engine.store.FrameOutput;
import io.zeptodb.engine.store.InputFile;
import io.zeptodb.engine.store.OutputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The file of the {@link Manifest}: {@link FrameOutput} of kind 64, version 3 (version 2, without the attributes of columns and without views, is read
 * too), of which the first frame is numbered by the generation. It is written
 * whole beside the old one, synced, and takes its name in one step, so that a crash leaves the old or the new one. An entry is what lies in one
 * frame:
 *
 * <pre>
 *   database id (16), generation (8), catalog version (8), next table id (8), next segment (8),
 *     log: first file (8), frame (8), mark file (8), mark length (8), tables (4), views (4), then for each table:
 *   {@link TableEncoding}, next sequence (8),
 *     dictionaries (4), of each: column id (4), file name, bytes (8), codes (4), partitions (4), then for each of them:
 *   slice start (8), end (8), of NULL times (1), sealed through (8), segments (4), then for each of them:
 *   {@link SegmentEncoding}, whether rows are deleted (1), if so: file name, bytes (8), checksum (4), rows (8)
 *   and for each view: {@link ViewEncoding}
 * </pre>
 */
public final class ManifestFile {
    public static final String NAME = "manifest";
    public static final String NEXT_NAME = "manifest.tmp";

    private static final int KIND = 64;
    private static final int VERSION = 3;
    private static final int LEAST_VERSION = 2;
    private static final int ATTRIBUTES_VERSION = 3;
    private static final int VIEWS_VERSION = 3;
    private static final int LEAST_BYTES = 17;

    private ManifestFile() {}

    /** Makes this the manifest of the folder, durably. */
    public static void write(Directory directory, Manifest manifest) {
        writeNext(directory, manifest);
        adoptNext(directory);
    }

    /** Writes it beside the present one, which stays. */
    public static void writeNext(Directory directory, Manifest manifest) {
        writeNext(directory, manifest, FrameOutput.FRAME_BYTES);
    }

    static void writeNext(Directory directory, Manifest manifest, int frameBytes) {
        try (OutputFile file = directory.create(NEXT_NAME)) {
            FrameOutput frames = new FrameOutput(file, KIND, VERSION, manifest.generation(), frameBytes);
            encode(frames, manifest);
            frames.finish();
            file.sync();
        }
    }

    /** Makes what {@link #writeNext} wrote the manifest, durably. When it fails, the folder has the one or the other. */
    public static void adoptNext(Directory directory) {
        directory.rename(NEXT_NAME, NAME);
        directory.sync();
    }

    private static void encode(FrameOutput frames, Manifest manifest) {
        ByteWriter out = frames.entry();
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
        out.putInt(catalog.views().size());
        for (TableContents table : manifest.tables()) {
            out = frames.entry();
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
                out = frames.entry();
                SegmentEncoding.writeSlice(out, partition.slice());
                out.putLong(partition.sealedThrough());
                out.putInt(partition.segments().size());
                partition.segments().forEach(segment -> encode(frames.entry(), segment));
            }
        }
        catalog.views().forEach(view -> ViewEncoding.write(frames.entry(), view));
    }

    private static void encode(ByteWriter out, SegmentContents segment) {
        SegmentEncoding.write(out, segment.metadata());
        DeletedRowsFile deleted = segment.deleted();
        out.putBoolean(deleted != null);
        if (deleted != null) {
            out.putText(deleted.file())
                    .putLong(deleted.bytes())
                    .putInt(deleted.checksum())
                    .putLong(deleted.rows());
        }
    }

    /** Whether the folder has one. */
    public static boolean exists(Directory directory) {
        return directory.exists(NAME);
    }

    /**
     * Reads the manifest of the folder.
     *
     * @throws EngineException CORRUPTION with file and offset; FEATURE_NOT_SUPPORTED when a version wrote it that has another layout; FILE_NOT_FOUND
     */
    public static Manifest read(Directory directory) {
        // another process may give the name to the next manifest meanwhile
        try (InputFile file = directory.input(NAME)) {
            FrameInput frames = new FrameInput(file, file.length(), KIND, LEAST_VERSION, VERSION);
            Manifest manifest = decode(frames);
            frames.expectEnd();
            return manifest;
        }
    }

    private static Manifest decode(FrameInput frames) {
        ByteReader in = frames.entry();
        UUID database = new UUID(in.getLong(), in.getLong());
        long generation = in.getLong();
        if (generation != frames.number()) {
            throw in.corrupt("generation " + generation + " in a record of generation " + frames.number());
        }
        long catalogVersion = in.getLong();
        long nextTableId = in.getLong();
        long nextSegment = in.getLong();
        LogPlace log = new LogPlace(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        List<TableMetadata> metadata = new ArrayList<>();
        List<TableContents> tables = new ArrayList<>();
        int tableCount = in.getCountBeyond();
        int viewCount = frames.version() < VIEWS_VERSION ? 0 : in.getCountBeyond();
        for (int left = tableCount; left > 0; left--) {
            ByteReader entry = frames.entry();
            TableMetadata table = TableEncoding.read(entry, frames.version() >= ATTRIBUTES_VERSION);
            metadata.add(table);
            long nextSequence = entry.getLong();
            List<DictionaryFile> dictionaries = dictionaries(entry);
            tables.add(new TableContents(
                    table.id(), nextSequence, dictionaries, partitions(frames, entry.getCountBeyond())));
        }
        List<ViewMetadata> views = new ArrayList<>();
        for (int left = viewCount; left > 0; left--) {
            views.add(ViewEncoding.read(frames.entry()));
        }
        Catalog catalog = Catalog.restore(catalogVersion, nextTableId, metadata, views);
        return new Manifest(database, generation, catalog, nextSegment, log, tables);
    }

    private static List<DictionaryFile> dictionaries(ByteReader in) {
        List<DictionaryFile> files = new ArrayList<>();
        for (int left = in.getCount(LEAST_BYTES); left > 0; left--) {
            files.add(new DictionaryFile(in.getInt(), in.getText(), in.getLong(), in.getInt()));
        }
        return files;
    }

    private static List<PartitionContents> partitions(FrameInput frames, int count) {
        List<PartitionContents> partitions = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            ByteReader in = frames.entry();
            SegmentMetadata.Slice slice = SegmentEncoding.readSlice(in);
            long sealedThrough = in.getLong();
            List<SegmentContents> segments = new ArrayList<>();
            for (int more = in.getCountBeyond(); more > 0; more--) {
                segments.add(segment(frames.entry()));
            }
            partitions.add(new PartitionContents(slice, sealedThrough, segments));
        }
        return partitions;
    }

    private static SegmentContents segment(ByteReader in) {
        SegmentMetadata segment = SegmentEncoding.read(in);
        DeletedRowsFile deleted =
                in.getBoolean() ? new DeletedRowsFile(in.getText(), in.getLong(), in.getInt(), in.getLong()) : null;
        return new SegmentContents(segment, deleted);
    }
}
