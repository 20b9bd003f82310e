package io.zeptodb.engine.store;

/** What a {@link CrashDirectory} counts and can fail at. */
public enum DiskOperation {
    /** A file made, or opened to append. */
    CREATE("open"),
    WRITE("write"),
    TRUNCATE("cut"),
    SYNC("sync"),
    RENAME("rename"),
    DELETE("delete"),
    SYNC_FOLDER("sync"),
    /** Read or mapped; changes nothing, so it is no point to crash at. */
    READ("read");

    private final String verb;

    DiskOperation(String verb) {
        this.verb = verb;
    }

    String verb() {
        return verb;
    }

    boolean mutates() {
        return this != READ;
    }
}
