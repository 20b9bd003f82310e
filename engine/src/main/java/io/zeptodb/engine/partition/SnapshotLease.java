package io.zeptodb.engine.partition;

/**
 * Keeps a snapshot's memory alive while a query reads it: announces the query's epoch on opening and leaves it on close. Taken by the
 * engine, closed exactly once (again is harmless), on any thread.
 */
public interface SnapshotLease extends AutoCloseable {
    DatabaseSnapshot snapshot();

    @Override
    void close();
}
