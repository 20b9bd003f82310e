package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ValueText;
import io.zeptodb.engine.kernel.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary of a SYMBOL column of a table. Lookups take no lock: the hash table is probed with acquire loads, and a slot is stored
 * only after the text that it names. Additions are serialised by this object's monitor. Texts lie off-heap as views; when their buffer
 * is outgrown a larger one takes over and the old one stays until {@link #close()}, because readers may hold vectors that point there.
 */
public final class SymbolTable implements SymbolDictionary, AutoCloseable {
    /** Bytes of the longest text: one that no record of a file could hold would be here, and never on the disk. */
    public static final int MOST_TEXT_BYTES = 1 << 26;

    private static final int FIRST_TEXTS = 64;
    private static final int FIRST_SLOTS = 128;
    private static final int PROBE_LOAD = 2;
    private static final int CHUNK_SHIFT = 10;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final int HASH_STEP = 0x01000193;
    private static final int HASH_SEED = 0x811C9DC5;
    private static final int HASH_MIX = 0x9E3779B1;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(int[].class);

    /** Slots hold code + 1, 0 when free; the hash of a slot's text is beside it. Its length is a power of two. */
    private record Slots(int[] codes, int[] hashes) {
        static final int BYTES = 2 * Integer.BYTES;

        static Slots ofSize(int size) {
            return new Slots(new int[size], new int[size]);
        }
    }

    private final MemoryBudget budget;
    private final ViewHeap heap;
    private final List<ArrowBuf> outgrown = new ArrayList<>();
    private ArrowBuf views;
    private int capacity = FIRST_TEXTS;
    private long accounted;
    private volatile int size;
    private volatile Slots slots = Slots.ofSize(FIRST_SLOTS);
    private volatile ColumnVector values;
    private volatile String[] @Nullable [] texts = new String[1][];

    public SymbolTable(MemoryBudget budget) {
        this.budget = budget;
        this.heap = new ViewHeap(budget);
        this.views = budget.allocate((long) capacity * ColumnVector.VIEW_BYTES);
        this.values = pointAtViews();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int find(CharSequence text) {
        return find(text, hash(text));
    }

    /** The code of UTF-8 bytes, or -1. */
    public int find(long bytes, int length) {
        return find(bytes, length, hash(bytes, length));
    }

    /** The code of this text, a new one when it is not there yet. Thread-safe. @throws EngineException VALUE_TOO_LONG, INVALID_ENCODING, OUT_OF_MEMORY */
    public int intern(CharSequence text) {
        int hash = hash(text);
        int code = find(text, hash);
        if (code >= 0) {
            return code;
        }
        String kept = text.toString();
        ValueText.checkUnicode(kept);
        byte[] bytes = kept.getBytes(StandardCharsets.UTF_8);
        checkLength(bytes.length);
        synchronized (this) {
            code = find(text, hash);
            if (code >= 0) {
                return code;
            }
            ensureRoom();
            heap.putView(views.memoryAddress() + (long) size * ColumnVector.VIEW_BYTES, bytes, 0, bytes.length);
            return publish(hash);
        }
    }

    /** The code of UTF-8 bytes, a new one when they are not there yet. Thread-safe. @throws EngineException VALUE_TOO_LONG, OUT_OF_MEMORY */
    public int intern(long bytes, int length) {
        int hash = hash(bytes, length);
        int code = find(bytes, length, hash);
        if (code >= 0) {
            return code;
        }
        checkLength(length);
        synchronized (this) {
            code = find(bytes, length, hash);
            if (code >= 0) {
                return code;
            }
            ensureRoom();
            heap.putView(views.memoryAddress() + (long) size * ColumnVector.VIEW_BYTES, bytes, length);
            return publish(hash);
        }
    }

    private static void checkLength(int bytes) {
        if (bytes > MOST_TEXT_BYTES) {
            throw new EngineException(
                    ErrorCode.VALUE_TOO_LONG,
                    "a SYMBOL of " + bytes + " bytes is too long: " + MOST_TEXT_BYTES
                            + " are the most; a VARCHAR column takes it");
        }
    }

    @Override
    public String text(int code) {
        String[] chunk = texts[code >>> CHUNK_SHIFT];
        String known = chunk == null ? null : chunk[code & (CHUNK - 1)];
        if (known != null) {
            return known; // read once: a second racy read may see nothing again
        }
        if (code >= size) {
            throw new IllegalArgumentException("symbol code " + code + " is not in a dictionary of " + size);
        }
        String text = new String(values.getBytes(code), StandardCharsets.UTF_8);
        synchronized (this) {
            String[] @Nullable [] all = texts;
            String[] target = all[code >>> CHUNK_SHIFT];
            if (target == null) {
                target = new String[CHUNK];
                all[code >>> CHUNK_SHIFT] = target;
            }
            // a racing reader sees the text or nothing: a String's fields are final
            target[code & (CHUNK - 1)] = text;
        }
        return text;
    }

    @Override
    public ColumnVector values() {
        return values;
    }

    private int find(CharSequence text, int hash) {
        Slots table = slots;
        int mask = table.codes.length - 1;
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            int code = (int) SLOTS.getAcquire(table.codes, at) - 1;
            if (code < 0) {
                return -1;
            }
            if (table.hashes[at] == hash && equal(code, text)) {
                return code;
            }
        }
    }

    private int find(long bytes, int length, int hash) {
        Slots table = slots;
        int mask = table.codes.length - 1;
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            int code = (int) SLOTS.getAcquire(table.codes, at) - 1;
            if (code < 0) {
                return -1;
            }
            if (table.hashes[at] == hash && equal(code, bytes, length)) {
                return code;
            }
        }
    }

    private boolean equal(int code, long bytes, int length) {
        ColumnVector known = values;
        if (known.viewLength(code) != length) {
            return false;
        }
        long knownBytes = known.viewBytes(code);
        for (int i = 0; i < length; i++) {
            if (Memory.getByte(knownBytes + i) != Memory.getByte(bytes + i)) {
                return false;
            }
        }
        return true;
    }

    private boolean equal(int code, CharSequence text) {
        ColumnVector known = values;
        int length = known.viewLength(code);
        long bytes = known.viewBytes(code);
        int chars = text.length();
        if (length < chars) {
            return false;
        }
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // decoded: half a pair of surrogates has the bytes of a question mark, and is none
                return new String(known.getBytes(code), StandardCharsets.UTF_8).contentEquals(text);
            }
            if (Memory.getByte(bytes + i) != c) {
                return false;
            }
        }
        return length == chars;
    }

    private static int hash(CharSequence text) {
        int hash = HASH_SEED;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return hash(text.toString().getBytes(StandardCharsets.UTF_8));
            }
            hash = (hash ^ c) * HASH_STEP;
        }
        return mixed(hash);
    }

    private static int hash(byte[] bytes) {
        int hash = HASH_SEED;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * HASH_STEP;
        }
        return mixed(hash);
    }

    private static int hash(long bytes, int length) {
        int hash = HASH_SEED;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ (Memory.getByte(bytes + i) & 0xFF)) * HASH_STEP;
        }
        return mixed(hash);
    }

    private static int mixed(int hash) {
        int spread = hash * HASH_MIX;
        return spread ^ (spread >>> 15);
    }

    /** Room for one more text and its slot; on failure nothing has changed. */
    private void ensureRoom() {
        if (size == capacity) {
            ArrowBuf larger = budget.allocate((long) capacity * 2 * ColumnVector.VIEW_BYTES);
            Memory.copy(views.memoryAddress(), larger.memoryAddress(), (long) capacity * ColumnVector.VIEW_BYTES);
            outgrown.add(views);
            views = larger;
            capacity *= 2;
        }
        if (size * PROBE_LOAD >= slots.codes.length) {
            long bytes = (long) slots.codes.length * Slots.BYTES;
            budget.reserveHeap(bytes);
            accounted += bytes;
            slots = rehashed(slots);
        }
        String[] @Nullable [] all = texts;
        if (size >>> CHUNK_SHIFT >= all.length) {
            texts = Arrays.copyOf(all, all.length * 2);
        }
    }

    private static Slots rehashed(Slots old) {
        Slots larger = Slots.ofSize(old.codes.length * 2);
        for (int i = 0; i < old.codes.length; i++) {
            if (old.codes[i] != 0) {
                store(larger, old.hashes[i], old.codes[i] - 1);
            }
        }
        return larger;
    }

    private static void store(Slots table, int hash, int code) {
        int mask = table.codes.length - 1;
        int at = hash & mask;
        while (table.codes[at] != 0) {
            at = (at + 1) & mask;
        }
        table.hashes[at] = hash;
        SLOTS.setRelease(table.codes, at, code + 1);
    }

    /** Shows the text written behind the last one: first the vector that reaches it, then its code. */
    private int publish(int hash) {
        int code = size;
        ColumnVector known = values;
        if (known.data() != views.memoryAddress() || known.heaps().length != heap.buffers().length) {
            values = pointAtViews();
        }
        size = code + 1;
        store(slots, hash, code);
        return code;
    }

    private ColumnVector pointAtViews() {
        return new ColumnVector(ColumnType.VARCHAR)
                .point(views, views.memoryAddress(), null, 0)
                .withHeaps(heap.buffers(), heap.addresses());
    }

    /** Only when nobody reads any more. */
    @Override
    public synchronized void close() {
        views.close();
        outgrown.forEach(ArrowBuf::close);
        outgrown.clear();
        heap.close();
        budget.reserveHeap(-accounted);
        accounted = 0;
    }
}
