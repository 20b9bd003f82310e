package io.zeptodb.jdbc.value;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;

/** Writes into a large object from a position on. One thread. */
final class PositionedOutput extends OutputStream {
    /** Puts bytes at a position that counts from 1. */
    interface Target {
        int write(long position, byte[] bytes, int from, int count) throws SQLException;
    }

    private final Target target;
    private long position;

    PositionedOutput(long position, Target target) {
        this.position = position;
        this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            position += target.write(position, bytes, from, count);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
