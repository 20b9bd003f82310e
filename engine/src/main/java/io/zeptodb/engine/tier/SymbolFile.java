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
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The file of the texts of a SYMBOL column: {@link Frame}s of kind 1, each with the texts of the codes that came since the one before. The manifest
 * says how many of its bytes count; what lies behind them was written by a checkpoint that did not end.
 *
 * <pre>
 *   table (8), column id (4), first code (4), count (4), then of each: bytes (4), UTF-8
 * </pre>
 */
public final class SymbolFile {
    private static final int KIND = 1;
    private static final int VERSION = 1;
    private static final int FRAME_TEXTS = 1 << 16;
    private static final int FIRST_BYTES = 1 << 12;

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
            for (int code = known.codes(); code < size; code += FRAME_TEXTS) {
                int count = Math.min(FRAME_TEXTS, size - code);
                ByteWriter out = new ByteWriter(FIRST_BYTES);
                out.take(Frame.HEADER_BYTES);
                out.putLong(tableId).putInt(known.columnId()).putInt(code).putInt(count);
                for (int i = code; i < code + count; i++) {
                    out.putBytes(texts.getBytes(i));
                }
                int payload = out.length() - Frame.HEADER_BYTES;
                Frame.seal(out.bytes(), 0, payload, KIND, 0, VERSION, code, file.length());
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
        String path = directory.path(file.file());
        byte[] bytes = directory.readAll(file.file());
        if (bytes.length < file.bytes()) {
            throw new EngineException(
                    ErrorCode.CORRUPTION,
                    "'" + path + "' is damaged at offset " + bytes.length + ": it ends there, " + file.bytes()
                            + " bytes were expected");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int limit = (int) file.bytes();
        int at = 0;
        int codes = 0;
        while (at < limit) {
            ByteReader in = new ByteReader(bytes, at, limit, path, 0);
            if (!Frame.isWhole(bytes, at, limit) || Frame.kind(header, at) != KIND) {
                throw in.corrupt("a record of symbols is not whole");
            }
            if (Frame.version(header, at) > VERSION) {
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "'" + path + "' was written by a newer version: its layout is " + Frame.version(header, at)
                                + ", this one reads " + VERSION);
            }
            int end = at + Frame.HEADER_BYTES + Frame.length(header, at);
            codes = readFrame(new ByteReader(bytes, at + Frame.HEADER_BYTES, end, path, 0), tableId, file, codes, sink);
            at = end;
        }
        if (codes != file.codes()) {
            throw new ByteReader(bytes, limit, limit, path, 0)
                    .corrupt("it has " + codes + " symbols, " + file.codes() + " were expected");
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
