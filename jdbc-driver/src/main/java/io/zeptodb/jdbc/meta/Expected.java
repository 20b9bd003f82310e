package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;

/**
 * What the caller of a statement can take. A server must know it before it runs a text, or an INSERT would be stored by a call that then
 * fails. Avatica's message has no field for it: it travels above the limit of rows, from clients that agreed on {@link WireFormat#EXACT}.
 */
public enum Expected {
    ANYTHING,
    ROWS,
    COUNT;

    /** Limits of rows are smaller than this: more than fits in the memory of any machine. */
    private static final int LIMIT_BITS = 60;

    private static final long LIMIT_MASK = (1L << LIMIT_BITS) - 1;

    /** @throws EngineException INVALID_STATEMENT when the statement gives the other thing */
    public void check(boolean givesRows) {
        if (this == ROWS && !givesRows) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "the statement gives no rows: run it with execute or executeUpdate, not executeQuery");
        }
        if (this == COUNT && givesRows) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "the statement gives rows: run it with execute or executeQuery, not executeUpdate");
        }
    }

    /** This and a limit of rows, 0 for none, as one number that travels. */
    public long withMaxRows(long maxRows) {
        return (long) ordinal() << LIMIT_BITS | Math.min(Math.max(maxRows, 0), LIMIT_MASK);
    }

    /** What a number of {@link #withMaxRows} says is expected. */
    static Expected of(long number) {
        long ordinal = number >>> LIMIT_BITS;
        Expected[] all = values();
        if (ordinal >= all.length) {
            throw new EngineException(
                    ErrorCode.INVALID_PARAMETER, "a limit of " + number + " rows: no client of ours asks for it");
        }
        return all[(int) ordinal];
    }

    /** The limit in a number of {@link #withMaxRows}; 0 for none. */
    static long maxRows(long number) {
        return number & LIMIT_MASK;
    }
}
