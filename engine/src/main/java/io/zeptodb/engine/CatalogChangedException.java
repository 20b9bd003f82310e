package io.zeptodb.engine;

/** Tables were made, altered or dropped after a statement was planned and before it had the write gate: it is planned again. */
final class CatalogChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CatalogChangedException() {
        super("the tables have changed since the statement was planned", null, false, false);
    }
}
