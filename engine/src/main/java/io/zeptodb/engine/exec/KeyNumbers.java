package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/**
 * Numbers partition keys from 0 in the order of first sight: an array by symbol code, or a hash table of integers, and the NULL key apart.
 * Without a key every run has number 0. Owned by one aggregation, one thread.
 */
final class KeyNumbers implements AutoCloseable {
    private static final int LEAST_SIZE = 64;
    private static final int ABSENT = -1;

    private final MemoryBudget budget;
    private final boolean dense;
    private long accounted;
    private int count;
    private int nullNumber = ABSENT;
    /** Key by number. */
    private long[] keys = {};
    /** Dense: number by key. Else: number + 1 by slot, 0 when empty. */
    private int[] numbers = {};

    /** @param dense keys are symbol codes: small, without gaps */
    KeyNumbers(MemoryBudget budget, boolean dense) {
        this.budget = budget;
        this.dense = dense;
    }

    int count() {
        return count;
    }

    long key(int number) {
        return keys[number];
    }

    boolean isNull(int number) {
        return number == nullNumber;
    }

    int ofNull() {
        if (nullNumber == ABSENT) {
            nullNumber = add(0);
        }
        return nullNumber;
    }

    int of(long key) {
        return dense ? ofCode((int) key) : ofInteger(key);
    }

    private int ofCode(int code) {
        if (code >= numbers.length) {
            int old = numbers.length;
            int size = Math.max(LEAST_SIZE, Math.max(code + 1, old * 2));
            account((long) (size - old) * Integer.BYTES);
            numbers = Arrays.copyOf(numbers, size);
            Arrays.fill(numbers, old, size, ABSENT);
        }
        int number = numbers[code];
        if (number == ABSENT) {
            number = add(code);
            numbers[code] = number;
        }
        return number;
    }

    private int ofInteger(long key) {
        if (count * 2 >= numbers.length) {
            rehash(Math.max(LEAST_SIZE, numbers.length * 2));
        }
        int slot = slotOf(key, numbers);
        if (numbers[slot] == 0) {
            numbers[slot] = add(key) + 1;
        }
        return numbers[slot] - 1;
    }

    private int slotOf(long key, int[] table) {
        int mask = table.length - 1;
        int slot = (int) KeyHashing.mix(key) & mask;
        while (table[slot] != 0 && keys[table[slot] - 1] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rehash(int size) {
        account((long) (size - numbers.length) * Integer.BYTES);
        int[] table = new int[size];
        for (int number = 0; number < count; number++) {
            if (number != nullNumber) {
                table[slotOf(keys[number], table)] = number + 1;
            }
        }
        numbers = table;
    }

    private int add(long key) {
        if (count == keys.length) {
            int size = Math.max(LEAST_SIZE, count * 2);
            account((long) (size - count) * Long.BYTES);
            keys = Arrays.copyOf(keys, size);
        }
        keys[count] = key;
        return count++;
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
        nullNumber = ABSENT;
        keys = new long[0];
        numbers = new int[0];
    }
}
