package io.zeptodb.engine.catalog;

/** How the buffers of a sealed segment's file are compressed. */
public enum SegmentCompression {
    /** As they are read: the file is mapped and used as it lies. */
    NONE,
    LZ4,
    ZSTD
}
