package io.zeptodb.engine.exec;

/**
 * What came before the first of the rows in memory when a window is computed in pieces: the number of its partition, and how many rows of the
 * partition, groups of peers and rows of its own group there were. One thread.
 */
final class PieceStart {
    private int partition;
    private long rows;
    private long groups;
    private long peers;

    /** The number of the first row's partition, from 0. */
    int partition() {
        return partition;
    }

    /** Rows of its partition before it. */
    long rows() {
        return rows;
    }

    /** Groups of peers in its partition before its own; counted only when asked for in {@link #move}. */
    long groups() {
        return groups;
    }

    /** Rows of its own group before it; as {@link #groups}. */
    long peers() {
        return peers;
    }

    /** Another row becomes the first one in memory. */
    void move(WindowRows from, int row, boolean countsPeers) {
        int p = from.partitionOf(row);
        int first = from.partitionStarts()[p];
        if (countsPeers) {
            int[] numbers = from.peerGroups();
            int group = numbers[row];
            peers = row - from.peerStarts()[group] + (group == 0 ? peers : 0);
            groups = group - numbers[first] + (p == 0 ? groups : 0);
        }
        rows = row - first + (p == 0 ? rows : 0);
        partition += p;
    }
}
