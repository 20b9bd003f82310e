package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.StressMemory;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A query sees the rows of a commit in both tables or in none, and of each row that it counts all values: the first NULL of a column, which makes its
 * bitmap, texts, and rows of a run that has moved, whose old memory those of the next key use again.
 */
@JCStressTest
@Outcome(
        id = {"0, 0, 0", "1, 1, 0", "9, 9, 0", "17, 17, 0", "25, 25, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "a commit as a whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "half of a commit, or a row without its values")
@State
public class PublishedRowsStress {
    private static final int[] COMMITS = {1, 8, 8, 8};
    private static final int MOST_ROWS = 25;
    /** The first row of each key: the first key has the rows of two commits and moves with the second. */
    private static final int[] FIRST_ROWS = {0, 9, 17};

    private static final int NULL_ROWS = 3;
    private static final int TEXT_COLUMN = 2;
    /** The column of the key. */
    private static final int KEY = 0;

    private static final TableSchema SCHEMA_A = schema("a");
    private static final TableSchema SCHEMA_B = schema("b");
    private static final WritableColumn[] VALUES = values();

    private final DatabaseStore store =
            new DatabaseStore(StressMemory.BUDGET, SealPolicy.ofSealRows(1 << 20), CommitLog.NONE, () -> {});
    private final TableMetadata a;
    private final TableMetadata b;

    public PublishedRowsStress() {
        try (WriteTransaction transaction = store.begin()) {
            a = transaction.createTable(SCHEMA_A);
            b = transaction.createTable(SCHEMA_B);
            transaction.commit();
        }
    }

    private static TableSchema schema(String name) {
        return new TableSchema(
                name,
                List.of(
                        new ColumnDefinition("key", ColumnType.BIGINT, true),
                        new ColumnDefinition("x", ColumnType.BIGINT, true),
                        new ColumnDefinition("s", ColumnType.VARCHAR, true)),
                TableSchema.NONE,
                KEY,
                new PartitionScheme(true, PartitionScheme.TimeSlice.NONE));
    }

    /** Row r is its key, then NULL in every third row or r + 1, then a text. */
    private static WritableColumn[] values() {
        WritableColumn[] columns = {
            new WritableColumn(StressMemory.BUDGET, ColumnType.BIGINT),
            new WritableColumn(StressMemory.BUDGET, ColumnType.BIGINT),
            new WritableColumn(StressMemory.BUDGET, ColumnType.VARCHAR)
        };
        for (WritableColumn column : columns) {
            column.reserve(MOST_ROWS);
        }
        for (int row = 0; row < MOST_ROWS; row++) {
            columns[KEY].setLong(row, keyOf(row));
            columns[1].setLong(row, row + 1);
            if (isNull(row)) {
                columns[1].setNull(row);
            }
            columns[TEXT_COLUMN].setText(row, text(row));
        }
        for (WritableColumn column : columns) {
            column.setRowCount(MOST_ROWS);
        }
        return columns;
    }

    private static int keyOf(int row) {
        int key = FIRST_ROWS.length - 1;
        while (FIRST_ROWS[key] > row) {
            key--;
        }
        return key;
    }

    private static boolean isNull(int row) {
        return row % NULL_ROWS == NULL_ROWS - 1;
    }

    private static String text(int row) {
        return "the text of row " + row;
    }

    @Actor
    public void write() {
        int row = 0;
        for (int rows : COMMITS) {
            try (WriteTransaction transaction = store.begin()) {
                append(transaction, a, row, rows);
                append(transaction, b, row, rows);
                transaction.commit();
            }
            row += rows;
        }
    }

    private static void append(WriteTransaction transaction, TableMetadata table, int from, int rows) {
        WritableColumn[] parts = new WritableColumn[VALUES.length];
        ColumnVector[] vectors = new ColumnVector[VALUES.length];
        for (int i = 0; i < VALUES.length; i++) {
            parts[i] = new WritableColumn(StressMemory.BUDGET, VALUES[i].type());
            parts[i].append(VALUES[i].vector(), from, rows);
            vectors[i] = parts[i].vector();
        }
        transaction.append(table, vectors, rows);
        for (WritableColumn part : parts) {
            part.close();
        }
    }

    @Actor
    public void read(III_Result seen) {
        try (SnapshotLease lease = store.lease();
                BitScratch bits = new BitScratch(StressMemory.BUDGET)) {
            DatabaseSnapshot snapshot = lease.snapshot();
            seen.r1 = (int) snapshot.table(a.id()).rowCount();
            seen.r3 = wrongRows(snapshot.table(a.id()), bits);
            seen.r2 = (int) snapshot.table(b.id()).rowCount();
            seen.r3 += wrongRows(snapshot.table(b.id()), bits);
        }
    }

    private static int wrongRows(TableSnapshot table, BitScratch bits) {
        int wrong = 0;
        long rows = 0;
        for (PartitionSnapshot partition : table.partitions()) {
            for (SegmentSnapshot segment : partition.segments()) {
                for (int run = 0; run < segment.runCount(); run++) {
                    rows += segment.runRows(run);
                    wrong += wrongRows(segment, run, bits);
                }
            }
        }
        return wrong + (rows == table.rowCount() ? 0 : 1);
    }

    private static int wrongRows(SegmentSnapshot segment, int run, BitScratch bits) {
        int rows = segment.runRows(run);
        long key = segment.runKey(run);
        ColumnVector keys = new ColumnVector(ColumnType.BIGINT);
        ColumnVector numbers = new ColumnVector(ColumnType.BIGINT);
        ColumnVector texts = new ColumnVector(ColumnType.VARCHAR);
        segment.slice(KEY, run, 0, rows, keys, bits);
        segment.slice(KEY + 1, run, 0, rows, numbers, bits);
        segment.slice(TEXT_COLUMN, run, 0, rows, texts, bits);
        int wrong = 0;
        for (int i = 0; i < rows; i++) {
            int row = FIRST_ROWS[(int) key] + i;
            boolean good = keys.getLong(i) == key
                    && numbers.isNull(i) == isNull(row)
                    && (isNull(row) || numbers.getLong(i) == row + 1)
                    && texts.getText(i).equals(text(row));
            wrong += good ? 0 : 1;
        }
        return wrong;
    }

    @Arbiter
    public void end(III_Result seen) {
        store.close();
    }
}
