package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.RangeMarks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which positions of a batch count, ascending. A filter writes one; nothing is copied. It is a list, or marks of which the list is made when
 * somebody asks for it. Reused from batch to batch by its owner; one thread.
 */
public final class SelectionVector {
    private int[] positions;
    private int capacity;
    private int count;
    private long[][] marks = {};
    private int markedRows;
    private boolean isMarked;
    private boolean isListed = true;

    public SelectionVector(int capacity) {
        this.positions = new int[capacity];
        this.capacity = capacity;
    }

    /** Positions; only the first {@link #count()} mean something. Shared, not copied. */
    public int[] positions() {
        if (!isListed) {
            list();
        }
        grow();
        return positions;
    }

    /** The list to be written anew, before {@link #setCount}, with room for so many rows; what is selected now is lost. Shared, not copied. */
    public int[] reserveList(int rows) {
        isListed = true;
        isMarked = false;
        reserve(rows);
        grow();
        return positions;
    }

    private void grow() {
        if (capacity > positions.length) {
            positions = Arrays.copyOf(positions, capacity);
        }
    }

    private void list() {
        reserve(markedRows);
        grow();
        RangeMarks.list(marks, markedRows, positions);
        isListed = true;
    }

    public int count() {
        return count;
    }

    /** Says how many positions the list has. */
    public void setCount(int count) {
        if (!isListed) {
            list();
        }
        this.count = count;
        isMarked = false;
    }

    /** Makes room for at least this many positions; what was there is kept. */
    public void reserve(int rows) {
        // marks need no list: its memory is taken when it is asked for
        capacity = Math.max(capacity, rows);
    }

    /** The positions as marks of all rows of the batch, see {@link RangeMarks}; null when there is only the list. Shared, not copied. */
    public long @Nullable [][] marks() {
        return isMarked ? marks : null;
    }

    /** Room for marks of so many rows, to be written before {@link #setMarked}; what is selected stays in it. */
    public long[][] reserveMarks(int rows) {
        int have = marks.length;
        int blocks = RangeMarks.blocks(rows);
        if (blocks > have) {
            marks = Arrays.copyOf(marks, blocks);
            for (int i = have; i < blocks; i++) {
                marks[i] = new long[RangeMarks.BLOCK];
            }
        }
        return marks;
    }

    /** Says that the marks of so many rows have been written, and how many are set. */
    public void setMarked(int rows, int count) {
        this.count = count;
        markedRows = rows;
        isMarked = true;
        isListed = false;
    }

    /** Becomes 0, 1, … count - 1. */
    public void selectAll(int rows) {
        isListed = true;
        isMarked = false;
        reserve(rows);
        int[] all = positions();
        for (int i = 0; i < rows; i++) {
            all[i] = i;
        }
        count = rows;
    }
}
