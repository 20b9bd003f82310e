package io.zeptodb.engine.wal;

/** What a commit waits for. */
public enum SyncMode {
    /** Until it is on the disk: it survives a power cut. */
    FSYNC,
    /** For nothing: the log is synced every now and then, and a power cut loses what came since. */
    ASYNC,
    /** For nothing, and nobody syncs: the system writes when it likes. It survives the end of the process, not that of the machine. */
    NONE
}
