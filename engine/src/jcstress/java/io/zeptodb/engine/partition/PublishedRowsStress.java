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
 * bitmap, texts, and rows of a run that has moved, whose old memory is used again.
 */
@JCStressTest
@Outcome(
        id = {"0, 0, 0", "1, 1, 0", "5, 5, 0", "13, 13, 0", "25, 25, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "a commit as a whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "half of a commit, or a row without its values")
@State
public class PublishedRowsStress {
    private static final int[] COMMITS = {1, 4, 8, 12};
    private static final int MOST_ROWS = 25;
    private static final int NULL_ROWS = 3;
    private static final int TEXT_COLUMN = 2;

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
                        new ColumnDefinition("n", ColumnType.BIGINT, true),
                        new ColumnDefinition("x", ColumnType.BIGINT, true),
                        new ColumnDefinition("s", ColumnType.VARCHAR, true)),
                TableSchema.NONE,
                TableSchema.NONE,
                PartitionScheme.UNPARTITIONED);
    }

    /** Row r is r + 1, then NULL in every third row or r + 1, then a text. */
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
            columns[0].setLong(row, row + 1);
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
        int row = 0;
        for (PartitionSnapshot partition : table.partitions()) {
            for (SegmentSnapshot segment : partition.segments()) {
                int rows = segment.runRows(0);
                ColumnVector n = new ColumnVector(ColumnType.BIGINT);
                ColumnVector x = new ColumnVector(ColumnType.BIGINT);
                ColumnVector s = new ColumnVector(ColumnType.VARCHAR);
                segment.slice(0, 0, 0, rows, n, bits);
                segment.slice(1, 0, 0, rows, x, bits);
                segment.slice(TEXT_COLUMN, 0, 0, rows, s, bits);
                for (int i = 0; i < rows; i++, row++) {
                    boolean good = n.getLong(i) == row + 1
                            && x.isNull(i) == isNull(row)
                            && (isNull(row) || x.getLong(i) == row + 1)
                            && s.getText(i).equals(text(row));
                    wrong += good ? 0 : 1;
                }
            }
        }
        return wrong + (row == table.rowCount() ? 0 : 1);
    }

    @Arbiter
    public void end(III_Result seen) {
        store.close();
    }
}
