package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Options of COPY for Arrow files.
 *
 * @param stream whether a stream is written; reading, the file says what it is
 * @param compression of the buffers that are written; reading, the file says it
 */
public record ArrowOptions(boolean stream, ArrowCompression compression) {
    private static final String FORMAT = "format";
    private static final String COMPRESSION = "compression";
    private static final Set<String> KNOWN = Set.of(FORMAT, COMPRESSION);

    /**
     * Reads the options of a statement.
     *
     * @param format that {@link CopyFormat#of} found
     * @param options by lower-case name
     * @throws EngineException INVALID_OPTION naming the option, its value and what is allowed
     */
    public static ArrowOptions parse(CopyFormat format, Map<String, String> options) {
        for (String name : options.keySet()) {
            if (CsvOptions.isKnown(name) && !KNOWN.contains(name)) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "COPY option '" + name + "' is for CSV; an Arrow file has format and compression");
            }
            if (!KNOWN.contains(name)) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "unknown COPY option '" + name + "'" + NearestName.suggestion(name, KNOWN)
                                + "; known for Arrow files are format and compression");
            }
        }
        return new ArrowOptions(format == CopyFormat.ARROWS, compression(options.getOrDefault(COMPRESSION, "none")));
    }

    private static ArrowCompression compression(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "none" -> ArrowCompression.NONE;
            case "lz4" -> ArrowCompression.LZ4;
            case "zstd" -> ArrowCompression.ZSTD;
            default ->
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "COPY option compression must be none, lz4 or zstd, got '" + name + "'"
                                + NearestName.suggestion(name, List.of("none", "lz4", "zstd")));
        };
    }
}
