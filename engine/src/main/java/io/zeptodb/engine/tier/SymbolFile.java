package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.Frame;
import io.zeptodb.engine.store.FrameInput;
import io.zeptodb.engine.store.InputFile;
import io.zeptodb.engine.store.OutputFile;

/**
 * The file of the texts of a SYMBOL column: {@link Frame}s of kind 65, each with the texts of the codes that came since the one before. The manifest
 * says how many of its bytes count; what lies behind them was written by a checkpoint that did not end.
 *
 * <pre>
 *   table (8), column id (4), first code (4), count (4), then of each: bytes (4), UTF-8
 * </pre>
 */
public final class SymbolFile {
    private static final int KIND = 65;
    private static final int VERSION = 1;
    /** Payload of texts at which a frame ends: one text more than that is far below the most that a frame may have. */
    private static final int FRAME_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 1 << 12;
    private static final int COUNT_AT = Frame.HEADER_BYTES + Long.BYTES + 2 * Integer.BYTES;

    /** Who takes the texts, in the order of their codes. */
    public interface Sink {
        /** The code that the text has now. */
        int take(String text);
    }

    private SymbolFile() {}

    /**
     * Writes the texts of a dictionary that the file does not have yet, durably but for the file's name, which needs a sync of the folder.
     *
     * @param known what the file has; zero bytes and codes when there is none
     * @return what it has now
     */
    public static DictionaryFile extend(
            Directory directory, long tableId, DictionaryFile known, SymbolDictionary dictionary) {
        int size = dictionary.size();
        if (size == known.codes()) {
            return known;
        }
        try (OutputFile file =
                known.bytes() == 0 ? directory.create(known.file()) : directory.append(known.file(), known.bytes())) {
            ColumnVector texts = dictionary.values();
            ByteWriter out = new ByteWriter(FIRST_BYTES);
            for (int code = known.codes(); code < size; ) {
                int first = code;
                out.setLength(0);
                out.take(Frame.HEADER_BYTES);
                out.putLong(tableId).putInt(known.columnId()).putInt(first).putInt(0);
                while (code < size && out.length() < FRAME_BYTES) {
                    out.putBytes(texts.getBytes(code++));
                }
                out.setInt(COUNT_AT, code - first);
                int payload = out.length() - Frame.HEADER_BYTES;
                Frame.seal(out.bytes(), 0, payload, KIND, 0, VERSION, first, file.length());
                file.write(out.bytes(), 0, out.length());
            }
            file.sync();
            return new DictionaryFile(known.columnId(), known.file(), file.length(), size);
        }
    }

    /**
     * Reads the texts.
     *
     * @throws EngineException CORRUPTION with file and offset
     */
    public static void read(Directory directory, long tableId, DictionaryFile file, Sink sink) {
        try (InputFile input = directory.namedInput(file.file())) {
            FrameInput frames = new FrameInput(input, file.bytes(), KIND, VERSION);
            if (input.length() < file.bytes()) {
                throw new EngineException(
                        ErrorCode.CORRUPTION,
                        "'" + input.path() + "' is damaged at offset " + input.length() + ": it ends there, "
                                + file.bytes() + " bytes were expected");
            }
            int codes = 0;
            for (ByteReader in = frames.next(); in != null; in = frames.next()) {
                codes = readFrame(in, tableId, file, codes, sink);
            }
            if (codes != file.codes()) {
                throw frames.corrupt("it has " + codes + " symbols, " + file.codes() + " were expected");
            }
        }
    }

    private static int readFrame(ByteReader in, long tableId, DictionaryFile file, int codes, Sink sink) {
        long table = in.getLong();
        int column = in.getInt();
        int first = in.getInt();
        int count = in.getCount(Integer.BYTES);
        if (table != tableId || column != file.columnId() || first != codes) {
            throw in.corrupt("it has code " + first + " of column " + column + " of table " + table + ", expected code "
                    + codes + " of column " + file.columnId() + " of table " + tableId);
        }
        for (int code = first; code < first + count; code++) {
            String text = in.getText();
            if (sink.take(text) != code) {
                throw in.corrupt("symbol '" + text + "' is there twice");
            }
        }
        in.expectEnd();
        return first + count;
    }
}
