package io.zeptodb.engine.wal;

import io.zeptodb.engine.store.Frame;

/**
 * How a log is cut up. What is read back does not depend on it.
 *
 * @param fileBytes length of a file at which the next one is begun
 * @param pieceBytes of frames that wait in memory before they are written, in the middle of a transaction
 * @param recordBytes at which a record is split when it can be
 * @param mostRecordBytes of a record that cannot be split; at most {@link Frame#MOST_PAYLOAD}
 * @param replayedBytes of records that were read back, after which their rows are sealed whether memory is short or not
 */
public record LogSizes(long fileBytes, int pieceBytes, int recordBytes, int mostRecordBytes, long replayedBytes) {
    private static final long MOST_FILE_BYTES = 64L << 20;
    /** Files of a log that is as long as it should be. */
    private static final int FILES = 8;

    private static final int MOST_PIECE_BYTES = 1 << 20;
    private static final int RECORD_BYTES = 16 << 20;

    /** For a log that should not be longer than this. */
    public static LogSizes ofLimit(long logBytes) {
        long file = Math.min(MOST_FILE_BYTES, Math.max(1, logBytes / FILES));
        return new LogSizes(
                file, (int) Math.min(MOST_PIECE_BYTES, file), RECORD_BYTES, Frame.MOST_PAYLOAD, Long.MAX_VALUE);
    }
}
