package io.zeptodb.engine;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileDirectory;
import io.zeptodb.engine.store.Frame;
import io.zeptodb.engine.wal.LogSizes;
import java.util.Map;

/**
 * Databases whose log is cut so small that most transactions lie in several files, those that are given up too, and whose rows are
 * sealed again and again while it is read back.
 */
final class SmallLog {
    private static final int FILE_BYTES = 1024;
    private static final int PIECE_BYTES = 128;
    private static final int RECORD_BYTES = 256;
    private static final int REPLAYED_BYTES = 512;

    static final LogSizes SIZES =
            new LogSizes(FILE_BYTES, PIECE_BYTES, RECORD_BYTES, Frame.MOST_PAYLOAD, REPLAYED_BYTES);

    /** On a real disk, where each file costs some syncs. */
    private static final LogSizes IN_FOLDER =
            new LogSizes(8 * FILE_BYTES, 8 * PIECE_BYTES, 8 * RECORD_BYTES, Frame.MOST_PAYLOAD, 8 * REPLAYED_BYTES);

    private SmallLog() {}

    static Database open(Directory directory, Map<String, String> options) {
        return Engine.open(directory, options, SIZES);
    }

    static Database open(String path, Map<String, String> options) {
        boolean readOnly = "read_only".equals(options.get("access_mode"));
        Directory directory = readOnly ? FileDirectory.openExisting(path) : FileDirectory.open(path);
        return Engine.open(directory, options, IN_FOLDER);
    }
}
