package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.StagedColumn;
import io.zeptodb.engine.batch.StressMemory;
import io.zeptodb.engine.batch.WritableColumn;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A drain that sees a count of rows handed over sees their values, NULLs and texts, and the block behind a full one. */
@JCStressTest
@Outcome(
        id = {"0, 0", "1, 0", "2, 0", "3, 0"},
        expect = Expect.ACCEPTABLE,
        desc = "rows that were handed over, whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "a row was handed over before its values")
@State
public class StagedRowsStress {
    private static final int CAPACITY = 2;
    private static final int ROWS = 3;
    private static final int NULL_ROW = 1;
    private static final String TEXT = "a text that does not fit a view ";

    private final StagedRows first = newBlock();
    private final WritableColumn numbers = new WritableColumn(StressMemory.BUDGET, ColumnType.BIGINT);
    private final WritableColumn texts = new WritableColumn(StressMemory.BUDGET, ColumnType.VARCHAR);

    private static StagedRows newBlock() {
        return new StagedRows(
                new StagedColumn[] {
                    new StagedColumn(ColumnType.BIGINT, CAPACITY), new StagedColumn(ColumnType.VARCHAR, CAPACITY)
                },
                CAPACITY);
    }

    /** As {@link QueuedWriter} does it. */
    @Actor
    public void write() {
        StagedRows block = first;
        for (int row = 0; row < ROWS; row++) {
            int at = row % CAPACITY;
            if (row == NULL_ROW) {
                block.columns[0].setNull(at);
            } else {
                block.columns[0].setLong(at, row + 1);
            }
            block.columns[1].setText(at, TEXT + row);
            if (at + 1 == CAPACITY) {
                StagedRows fresh = newBlock();
                block.next = fresh;
                block.publish(CAPACITY);
                block = fresh;
            } else {
                block.publish(at + 1);
            }
        }
    }

    /** As the drain does it. */
    @Actor
    public void drain(II_Result rows) {
        StagedRows block = first;
        while (block != null) {
            int published = block.published();
            if (published > 0) {
                block.copyTo(new WritableColumn[] {numbers, texts}, 0, published);
            }
            rows.r1 += published;
            StagedRows next = block.next;
            block = published == CAPACITY ? next : null;
        }
        ColumnVector values = numbers.vector();
        ColumnVector words = texts.vector();
        for (int row = 0; row < rows.r1; row++) {
            boolean good =
                    (row == NULL_ROW ? values.isNull(row) : !values.isNull(row) && values.getLong(row) == row + 1)
                            && words.getText(row).equals(TEXT + row);
            rows.r2 += good ? 0 : 1;
        }
    }

    @Arbiter
    public void end(II_Result rows) {
        numbers.close();
        texts.close();
    }
}
