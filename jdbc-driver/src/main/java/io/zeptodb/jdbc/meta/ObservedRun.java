package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.jdbc.meta.StatementListener.Kind;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Tells a listener of one run of a statement when it has ended. One thread. */
final class ObservedRun {
    private final StatementListener listener;
    private final String sql;
    private final long begin = System.nanoTime();
    private boolean told;

    ObservedRun(StatementListener listener, String sql) {
        this.listener = listener;
        this.sql = sql;
    }

    private void end(Kind kind, long rows, @Nullable Throwable failure) {
        if (!told) {
            told = true;
            listener.ended(new StatementListener.Run(sql, kind, System.nanoTime() - begin, rows, failure));
        }
    }

    /** Plans. A statement that cannot be planned has ended. */
    <T> T plan(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            end(Kind.UNPLANNED, 0, e);
            throw e;
        }
    }

    /** Runs what gives no rows. */
    long count(Supplier<Long> work) {
        try {
            long count = work.get();
            end(Kind.UPDATE, count, null);
            return count;
        } catch (RuntimeException | Error e) {
            end(Kind.UPDATE, 0, e);
            throw e;
        }
    }

    /** Runs a batch of what gives no rows. */
    long[] counts(Supplier<long[]> work) {
        try {
            long[] counts = work.get();
            long rows = 0;
            for (long count : counts) {
                rows += count;
            }
            end(Kind.UPDATE, rows, null);
            return counts;
        } catch (RuntimeException | Error e) {
            end(Kind.UPDATE, 0, e);
            throw e;
        }
    }

    /** Runs a query, which ends when its rows do or are closed. */
    BatchCursor rows(Supplier<BatchCursor> work) {
        try {
            return new ObservedCursor(work.get());
        } catch (RuntimeException | Error e) {
            end(Kind.QUERY, 0, e);
            throw e;
        }
    }

    private final class ObservedCursor implements BatchCursor {
        private final BatchCursor rows;
        private long count;

        ObservedCursor(BatchCursor rows) {
            this.rows = rows;
        }

        @Override
        public List<ResultColumn> columns() {
            return rows.columns();
        }

        @Override
        public Schema schema() {
            return rows.schema();
        }

        @Override
        public boolean next() {
            try {
                if (rows.next()) {
                    count += rows.batch().getRowCount();
                    return true;
                }
                end(Kind.QUERY, count, null);
                return false;
            } catch (RuntimeException | Error e) {
                end(Kind.QUERY, count, e);
                throw e;
            }
        }

        @Override
        public VectorSchemaRoot batch() {
            return rows.batch();
        }

        @Override
        public DictionaryProvider dictionaries() {
            return rows.dictionaries();
        }

        @Override
        public void whileOpen(Runnable action) {
            rows.whileOpen(action);
        }

        @Override
        public void close() {
            try {
                rows.close();
            } finally {
                end(Kind.QUERY, count, null);
            }
        }
    }
}
