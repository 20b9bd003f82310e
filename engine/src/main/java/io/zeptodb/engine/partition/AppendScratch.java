package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnScatter;

/** Arrays that an append needs and that are kept for the next one. */
final class AppendScratch {
    final KeyGroups groups = new KeyGroups();
    final ColumnScatter scatter = new ColumnScatter();
    private int[] identity = {};

    /** 0, 1, 2, … */
    int[] identity(int count) {
        if (identity.length < count) {
            identity = new int[Math.max(count, identity.length * 2)];
            for (int i = 0; i < identity.length; i++) {
                identity[i] = i;
            }
        }
        return identity;
    }
}
