package io.zeptodb.engine.copy;

/** The bytes of an Arrow file are not what they should be. Told with the file's name by who reads it. */
final class BrokenArrowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenArrowException(String message) {
        super(message);
    }
}
