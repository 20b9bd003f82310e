package io.zeptodb.engine.store;

/** The hold of a folder; closing it lets others have it. */
public interface DirectoryLock extends AutoCloseable {
    @Override
    void close();
}
