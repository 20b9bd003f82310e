package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.KeyHashing;
import java.util.function.LongConsumer;

/**
 * About how many different values one group has, from their 64-bit hashes. Up to {@link #MOST_EXACT} of them are kept as they are; beyond, a HyperLogLog of
 * 2^14 registers, whose standard error is 1.04 / sqrt(2^14), 0.8 percent. What it holds is a function of the set of values alone, so that the answer is the same
 * whatever their order was and however they were dealt out to sketches that were merged.
 *
 * <p>The estimate is Ertl's improved raw one ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which needs no table of corrections.
 */
final class DistinctSketch {
    /** Most different values that are counted exactly. */
    static final int MOST_EXACT = 1 << 10;

    private static final int INDEX_BITS = 14;
    private static final int REGISTERS = 1 << INDEX_BITS;
    /** Greatest value of a register, less one: bits of a hash that are no index. */
    private static final int RANK_BITS = Long.SIZE - INDEX_BITS;

    private static final int FIRST_SLOTS = 16;

    private final LongConsumer accounting;
    /** Hashes, 0 for a free slot; empty once there are registers. */
    private long[] hashes = new long[FIRST_SLOTS];

    private byte[] registers = {};
    private int size;

    /** @param accounting told of the bytes of Java arrays, and gives them back */
    DistinctSketch(LongConsumer accounting) {
        this.accounting = accounting;
        accounting.accept((long) FIRST_SLOTS * Long.BYTES);
    }

    void add(long hash) {
        if (registers.length > 0) {
            register(hash);
            return;
        }
        // 0 stands for nothing
        long kept = hash == 0 ? 1 : hash;
        if (!put(hashes, kept)) {
            return;
        }
        size++;
        if (size > MOST_EXACT) {
            toRegisters();
        } else if (size > hashes.length / 2) {
            grow();
        }
    }

    /** Whether the hash was not there. */
    private static boolean put(long[] slots, long hash) {
        int mask = slots.length - 1;
        int slot = (int) KeyHashing.mix(hash) & mask;
        while (slots[slot] != 0) {
            if (slots[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = hash;
        return true;
    }

    private void grow() {
        accounting.accept((long) hashes.length * Long.BYTES);
        long[] more = new long[hashes.length * 2];
        for (long hash : hashes) {
            if (hash != 0) {
                put(more, hash);
            }
        }
        hashes = more;
    }

    private void toRegisters() {
        accounting.accept(REGISTERS - (long) hashes.length * Long.BYTES);
        registers = new byte[REGISTERS];
        for (long hash : hashes) {
            if (hash != 0) {
                register(hash);
            }
        }
        hashes = new long[0];
    }

    private void register(long hash) {
        int index = (int) (hash >>> RANK_BITS);
        int rank = Math.min(Long.numberOfLeadingZeros(hash << INDEX_BITS), RANK_BITS) + 1;
        if (rank > registers[index]) {
            registers[index] = (byte) rank;
        }
    }

    /** Adds what another one has seen. */
    void merge(DistinctSketch other) {
        if (other.registers.length == 0) {
            for (long hash : other.hashes) {
                if (hash != 0) {
                    add(hash);
                }
            }
            return;
        }
        if (registers.length == 0) {
            toRegisters();
        }
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = (byte) Math.max(registers[i], other.registers[i]);
        }
    }

    long estimate() {
        if (registers.length == 0) {
            return size;
        }
        int[] counts = new int[RANK_BITS + 2];
        for (byte register : registers) {
            counts[register]++;
        }
        double z = REGISTERS * tau(1 - counts[RANK_BITS + 1] / (double) REGISTERS);
        for (int k = RANK_BITS; k >= 1; k--) {
            z = (z + counts[k]) / 2;
        }
        z += REGISTERS * sigma(counts[0] / (double) REGISTERS);
        return Math.round((double) REGISTERS * REGISTERS / (2 * Math.log(2) * z));
    }

    private static double sigma(double share) {
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (z != before);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y /= 2;
            z -= (1 - x) * (1 - x) * y;
        } while (z != before);
        return z / 3;
    }
}
