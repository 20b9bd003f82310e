package io.zeptodb.engine.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The bytes of a file of {@link CrashDirectory}: those that are there, and those that a power cut must leave. Guarded by the directory's lock.
 */
final class CrashFile {
    private static final int[] SECTORS = {512, 4096};
    /** Of the sectors that may be lost, how many are: one in so many. */
    private static final int LOST_ONE_IN = 3;

    private static final int FLIPPED_ONE_IN = 4;

    private byte[] bytes = new byte[64];
    private int length;

    /** What was there at the last sync. */
    private byte[] durable = new byte[0];

    /** Whether {@link #durable} is a prefix of {@link #bytes}, and then not copied: only its length is kept. */
    private int durableLength;

    private boolean durableIsPrefix = true;

    /** [from, to): written before a sync that failed. The system takes them for written, whatever comes after. */
    private List<int[]> doomed = new ArrayList<>();

    /** Everything before this place is as it was at the last sync. */
    private int firstDirty;

    CrashFile() {}

    private CrashFile(byte[] content) {
        bytes = content;
        length = content.length;
        durableLength = length;
        firstDirty = length;
    }

    int length() {
        return length;
    }

    int read(long offset, byte[] into, int at, int count) {
        if (offset >= length) {
            return 0;
        }
        int n = (int) Math.min(count, length - offset);
        System.arraycopy(bytes, (int) offset, into, at, n);
        return n;
    }

    void write(byte[] source, int from, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    void truncate(int to) {
        if (to < durableLength && durableIsPrefix) {
            durable = Arrays.copyOf(bytes, durableLength);
            durableIsPrefix = false;
        }
        firstDirty = Math.min(firstDirty, to);
        List<int[]> left = new ArrayList<>();
        for (int[] range : doomed) {
            if (range[0] < to) {
                left.add(new int[] {range[0], Math.min(range[1], to)});
            }
        }
        doomed = left;
        if (to > length) {
            throw new IllegalArgumentException("a file of " + length + " bytes cannot be cut to " + to);
        }
        length = to;
    }

    void sync() {
        durableIsPrefix = true;
        durableLength = length;
        durable = new byte[0];
        firstDirty = length;
    }

    /** What the system does after a sync that failed: it forgets that these bytes are not on the disk. */
    void failSync() {
        if (firstDirty < length) {
            doomed.add(new int[] {firstDirty, length});
        }
        firstDirty = length;
    }

    /** The same file, on its way apart. */
    CrashFile copy() {
        CrashFile copy = new CrashFile();
        copy.bytes = Arrays.copyOf(bytes, length);
        copy.length = length;
        copy.durable = durable.clone();
        copy.durableLength = durableLength;
        copy.durableIsPrefix = durableIsPrefix;
        copy.firstDirty = firstDirty;
        doomed.forEach(range -> copy.doomed.add(range.clone()));
        return copy;
    }

    /** The file after the process was killed: all that was written is there. */
    CrashFile kept() {
        return new CrashFile(Arrays.copyOf(bytes, length));
    }

    /** The file after a power cut: what was synced, and of the rest whatever the seed says. */
    CrashFile afterPowerCut(Random random) {
        byte[] old = durableIsPrefix ? Arrays.copyOf(bytes, durableLength) : durable;
        byte[] now = Arrays.copyOf(bytes, length);
        int safe = firstSafeEnd(now.length);
        byte[] left;
        switch (random.nextInt(4)) {
            case 0 -> left = doomed.isEmpty() ? old : mixed(random, old, now, safe);
            case 1 -> left = now;
            case 2 -> left = torn(random, old, now);
            default -> left = mixed(random, old, now, safe);
        }
        if (!doomed.isEmpty()) {
            damageDoomed(random, left);
        }
        return new CrashFile(left);
    }

    private int firstSafeEnd(int most) {
        int first = Math.min(firstDirty, most);
        return durableIsPrefix ? Math.min(durableLength, first) : first;
    }

    /** The new bytes up to any place between the old length and the new one. */
    private byte[] torn(Random random, byte[] old, byte[] now) {
        if (!durableIsPrefix) {
            return Arrays.copyOf(now, firstDirty + random.nextInt(now.length - Math.min(firstDirty, now.length) + 1));
        }
        return Arrays.copyOf(now, old.length + random.nextInt(now.length - old.length + 1));
    }

    /** Each sector of what was not synced is the new one, the old one or zero, whatever the others are. */
    private static byte[] mixed(Random random, byte[] old, byte[] now, int safe) {
        int shortest = Math.max(safe, Math.min(old.length, now.length));
        int longest = Math.max(old.length, now.length);
        byte[] left = new byte[shortest + random.nextInt(longest - shortest + 1)];
        System.arraycopy(now, 0, left, 0, Math.min(safe, left.length));
        int sector = SECTORS[random.nextInt(SECTORS.length)];
        boolean flips = random.nextInt(FLIPPED_ONE_IN) == 0;
        for (int from = safe; from < left.length; ) {
            int to = Math.min(left.length, from - from % sector + sector);
            if (random.nextInt(LOST_ONE_IN) > 0) {
                copyRange(now, left, from, to);
                if (flips && random.nextInt(FLIPPED_ONE_IN) == 0) {
                    flip(random, left, from, to);
                }
            } else if (random.nextBoolean()) {
                copyRange(old, left, from, to);
            }
            from = to;
        }
        return left;
    }

    private void damageDoomed(Random random, byte[] left) {
        for (int[] range : doomed) {
            int to = Math.min(range[1], left.length);
            if (range[0] < to && random.nextBoolean()) {
                Arrays.fill(left, range[0] + random.nextInt(to - range[0]), to, (byte) 0);
            }
        }
    }

    private static void copyRange(byte[] source, byte[] target, int from, int to) {
        int end = Math.min(to, source.length);
        if (from < end) {
            System.arraycopy(source, from, target, from, end - from);
        }
    }

    private static void flip(Random random, byte[] bytes, int from, int to) {
        int at = from + random.nextInt(to - from);
        bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
}
