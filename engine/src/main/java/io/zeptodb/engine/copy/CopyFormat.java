package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a file of COPY holds. */
public enum CopyFormat {
    /** Text, by {@link CsvOptions}. */
    CSV,
    /** Arrow's IPC file, which has a footer; Feather V2 is the same. */
    ARROW,
    /** Arrow's IPC stream. */
    ARROWS;

    private static final List<String> NAMES = List.of("csv", "arrow", "feather", "arrows");
    private static final String COMPRESSED = ".gz";

    public boolean isArrow() {
        return this != CSV;
    }

    /**
     * The format that the option {@code format} names, else the one of the file's suffix, else CSV.
     *
     * @param options of the statement, by lower-case name
     * @throws EngineException INVALID_OPTION for a format that there is not, FEATURE_NOT_SUPPORTED for an Arrow file that is compressed as a whole
     */
    public static CopyFormat of(String file, Map<String, String> options) {
        String lower = file.toLowerCase(Locale.ROOT);
        boolean compressed = lower.endsWith(COMPRESSED);
        String name = options.get("format");
        CopyFormat format = name == null
                ? ofSuffix(compressed ? lower.substring(0, lower.length() - COMPRESSED.length()) : lower)
                : named(name);
        if (compressed && format.isArrow()) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "'" + file + "': an Arrow file is not compressed as a whole, its buffers are: "
                            + "COPY … TO 'file.arrow' WITH (compression = 'zstd') writes such a one; to read this, uncompress it first");
        }
        return format;
    }

    private static CopyFormat named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "csv" -> CSV;
            case "arrow", "feather" -> ARROW;
            case "arrows" -> ARROWS;
            default ->
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "COPY option format must be csv, arrow (also feather) or arrows, got '" + name + "'"
                                + NearestName.suggestion(name, NAMES));
        };
    }

    private static CopyFormat ofSuffix(String file) {
        if (file.endsWith(".arrow") || file.endsWith(".feather")) {
            return ARROW;
        }
        return file.endsWith(".arrows") ? ARROWS : CSV;
    }
}
