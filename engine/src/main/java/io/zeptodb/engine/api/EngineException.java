package io.zeptodb.engine.api;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of the engine. Its message says what failed, where, what was expected, what was found and, where there is one, a
 * remedy; what it quotes of a statement or of data is shortened when it is long. Errors in SQL text carry line and column, both counted from 1;
 * elsewhere they are 0.
 */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int line;
    private final int column;
    private final long[] updateCounts;

    public EngineException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public EngineException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, 0, 0, cause);
    }

    public EngineException(ErrorCode code, String message, int line, int column, @Nullable Throwable cause) {
        this(code, message, line, column, cause, new long[0]);
    }

    private EngineException(
            ErrorCode code, @Nullable String message, int line, int column, @Nullable Throwable cause, long[] counts) {
        super(ErrorText.shortened(message), cause);
        this.code = code;
        this.line = line;
        this.column = column;
        this.updateCounts = counts;
    }

    /**
     * This failure as that of a batch in a transaction, of which what ran before stays a part.
     *
     * @param counts rows written by each run before the one that failed
     */
    public EngineException after(long... counts) {
        return counts.length == 0 ? this : new EngineException(code, getMessage(), line, column, this, counts.clone());
    }

    /**
     * Of a batch that failed in a transaction: rows written by each run before the one that failed, whose changes the transaction still has. Empty when nothing of
     * a batch is stored, and for any other failure.
     */
    public long[] updateCounts() {
        return updateCounts.clone();
    }

    /**
     * The argument of a public method, when it is there.
     *
     * @param what names it in the message
     * @throws EngineException INVALID_ARGUMENT when it is null
     */
    public static <T> T required(@Nullable T argument, String what) {
        if (argument == null) {
            throw new EngineException(ErrorCode.INVALID_ARGUMENT, what + " must not be null");
        }
        return argument;
    }

    public ErrorCode code() {
        return code;
    }

    public String sqlState() {
        return code.sqlState();
    }

    /** Line of the SQL text, from 1; 0 when the error has no place in a text. */
    public int line() {
        return line;
    }

    /** Column of the SQL text, from 1; 0 when the error has no place in a text. */
    public int column() {
        return column;
    }
}
