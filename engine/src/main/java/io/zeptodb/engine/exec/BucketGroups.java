package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/**
 * Numbers groups of (key number, time bucket) from 0 in the order of first sight. Runs are in time order and segments mostly are, so a
 * bucket is nearly always the key's latest one or a later one, which takes no look-up; a hash table is made when a bucket comes that is
 * neither. Owned by one aggregation, one thread.
 */
final class BucketGroups implements AutoCloseable {
    private static final int LEAST_SIZE = 64;
    private static final int ABSENT = -1;
    private static final int BYTES_PER_GROUP = Long.BYTES + Integer.BYTES + 1;
    private static final int BYTES_PER_KEY = 3 * Integer.BYTES;

    private final MemoryBudget budget;
    private long accounted;
    private int count;
    private int[] keys = {};
    private long[] buckets = {};
    private boolean[] nullBuckets = {};
    /** By key number: the group met last, the one with the greatest bucket, the one without a time. */
    private int[] latest = {};

    private int[] greatest = {};
    private int[] timeless = {};
    /** Group + 1 by slot; empty until it is needed. */
    private int[] slots = {};

    BucketGroups(MemoryBudget budget) {
        this.budget = budget;
    }

    int count() {
        return count;
    }

    int key(int group) {
        return keys[group];
    }

    /** Start of the bucket. */
    long bucket(int group) {
        return buckets[group];
    }

    /** Whether the group is of rows without a time. */
    boolean bucketIsNull(int group) {
        return nullBuckets[group];
    }

    /** The group of a key and a bucket's start. */
    int of(int key, long bucket) {
        coverKey(key);
        int last = latest[key];
        if (last != ABSENT && buckets[last] == bucket) {
            return last;
        }
        int top = greatest[key];
        int group;
        if (top == ABSENT || bucket > buckets[top]) {
            group = add(key, bucket, false);
            greatest[key] = group;
        } else {
            group = find(key, bucket);
        }
        latest[key] = group;
        return group;
    }

    /** The group of a key's rows without a time. */
    int ofNull(int key) {
        coverKey(key);
        if (timeless[key] == ABSENT) {
            timeless[key] = add(key, 0, true);
        }
        return timeless[key];
    }

    private int find(int key, long bucket) {
        if (slots.length == 0) {
            rehash(Math.max(LEAST_SIZE, Integer.highestOneBit(count + 1) << 2));
        }
        int slot = slotOf(key, bucket, slots);
        return slots[slot] != 0 ? slots[slot] - 1 : add(key, bucket, false);
    }

    private int slotOf(int key, long bucket, int[] table) {
        int mask = table.length - 1;
        int slot = (int) KeyHashing.mix(bucket ^ ((long) key << 32)) & mask;
        while (table[slot] != 0 && (keys[table[slot] - 1] != key || buckets[table[slot] - 1] != bucket)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rehash(int size) {
        account((long) (size - slots.length) * Integer.BYTES);
        int[] table = new int[size];
        for (int group = 0; group < count; group++) {
            if (!nullBuckets[group]) {
                table[slotOf(keys[group], buckets[group], table)] = group + 1;
            }
        }
        slots = table;
    }

    private int add(int key, long bucket, boolean isNull) {
        if (count == keys.length) {
            int size = Math.max(LEAST_SIZE, count * 2);
            account((long) (size - count) * BYTES_PER_GROUP);
            keys = Arrays.copyOf(keys, size);
            buckets = Arrays.copyOf(buckets, size);
            nullBuckets = Arrays.copyOf(nullBuckets, size);
        }
        int group = count++;
        keys[group] = key;
        buckets[group] = bucket;
        nullBuckets[group] = isNull;
        if (slots.length > 0 && !isNull) {
            if (count * 2 > slots.length) {
                rehash(slots.length * 2);
            } else {
                slots[slotOf(key, bucket, slots)] = group + 1;
            }
        }
        return group;
    }

    private void coverKey(int key) {
        if (key < latest.length) {
            return;
        }
        int old = latest.length;
        int size = Math.max(LEAST_SIZE, Math.max(key + 1, old * 2));
        account((long) (size - old) * BYTES_PER_KEY);
        latest = extended(latest, size);
        greatest = extended(greatest, size);
        timeless = extended(timeless, size);
    }

    private static int[] extended(int[] array, int size) {
        int[] longer = Arrays.copyOf(array, size);
        Arrays.fill(longer, array.length, size, ABSENT);
        return longer;
    }

    private void account(long bytes) {
        budget.reserveHeap(bytes);
        accounted += bytes;
    }

    @Override
    public void close() {
        budget.reserveHeap(-accounted);
        accounted = 0;
        count = 0;
        keys = new int[0];
        latest = new int[0];
        slots = new int[0];
    }
}
