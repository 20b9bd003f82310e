package io.zeptodb.engine.partition;

/** The columns of a sealed segment that was made in memory; they are its own. */
final class MemoryColumns implements SegmentColumns {
    private final SealedRuns runs;
    private final SealedColumn[] columns;

    MemoryColumns(SealedRuns runs, SealedColumn[] columns) {
        this.runs = runs;
        this.columns = columns;
    }

    @Override
    public SealedRuns runs() {
        return runs;
    }

    @Override
    public SealedColumn column(int column, int row, int count) {
        return columns[column];
    }

    @Override
    public SealedColumn complete(int column) {
        return columns[column];
    }

    @Override
    public void close() {
        for (SealedColumn column : columns) {
            column.close();
        }
    }
}
