package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder in memory that is as hostile as {@link Directory} allows. It knows what was synced; {@link #crash} gives the folder that a power
 * cut leaves, {@link #kill} the one that the end of the process leaves. Use:
 *
 * <pre>
 *   for (int n = 1; ; n++) {
 *       CrashDirectory disk = new CrashDirectory();
 *       disk.crashAt(n);
 *       try { script(disk); break; } catch (SimulatedCrash e) { check(disk.crash(seed)); }
 *   }
 * </pre>
 *
 * Thread-safe. Folders inside it share its count, its failures and its crash, and are there after the crash.
 */
public final class CrashDirectory implements Directory {
    private static final int MAP_ALIGNMENT = 64;

    private final CrashDisk disk;
    private final String location;
    private final Map<String, CrashFile> files = new TreeMap<>();
    private final Map<String, CrashDirectory> folders = new TreeMap<>();
    private final Map<String, Integer> locks = new HashMap<>();

    /** The names at the last sync, and what became of them since, in order. */
    private final Map<String, CrashFile> durable = new TreeMap<>();

    private final List<NameChange> changes = new ArrayList<>();

    /** A file that got the name {@code to} (null: none), and lost {@code from} (null: it had none). */
    private record NameChange(
            @Nullable String from, @Nullable String to, CrashFile file) {
        void apply(Map<String, CrashFile> names) {
            if (from != null) {
                names.remove(from, file);
            }
            if (to != null) {
                names.put(to, file);
            }
        }
    }

    public CrashDirectory() {
        this(new CrashDisk(), "/crash");
    }

    private CrashDirectory(CrashDisk disk, String location) {
        this.disk = disk;
        this.location = location;
    }

    /** Operations that change the disk, so far. */
    public long operations() {
        return disk.operations();
    }

    /** The operations so far, as "WRITE wal-1.log": for the message of a test that fails. */
    public List<String> journal() {
        return disk.journal();
    }

    /** The power goes at the n-th operation that changes the disk, counted from 1; what part of it is still done depends on n. */
    public void crashAt(long operation) {
        disk.crashAt(operation);
    }

    public boolean hasCrashed() {
        return disk.hasCrashed();
    }

    /**
     * The n-th operation of this kind from now fails. A write that fails has written some of its bytes; a sync that fails loses what it should
     * have made durable for ever, whatever a later sync says.
     *
     * @param lasting whether all later ones fail as well
     * @param code DISK_FULL, READ_ONLY (told as IO_ERROR "permission denied") or IO_ERROR
     */
    public void fail(DiskOperation operation, int nth, boolean lasting, ErrorCode code) {
        disk.fail(operation, nth, lasting, code);
    }

    /** Operations that failed as {@link #fail} asked for. */
    public long failures() {
        return disk.failures();
    }

    /** No operation fails any more. */
    public void heal() {
        disk.heal();
    }

    /** What {@link #freeBytes()} says from now on. */
    public void setFreeBytes(long bytes) {
        disk.freeBytes(bytes);
    }

    /** What a power cut now leaves, by seed. This folder is not changed. */
    public CrashDirectory crash(long seed) {
        return after(new CrashDisk(), new Random(seed));
    }

    /** What the end of the process now leaves: all that was written. */
    public CrashDirectory kill() {
        return after(new CrashDisk(), null);
    }

    /** What the next process finds when this one was killed and the machine runs on: as {@link #kill()}, but what was not synced is still to lose. */
    public CrashDirectory restart() {
        return copy(new CrashDisk());
    }

    private synchronized CrashDirectory copy(CrashDisk newDisk) {
        CrashDirectory left = new CrashDirectory(newDisk, location);
        Map<CrashFile, CrashFile> copies = new IdentityHashMap<>();
        files.forEach((name, file) -> left.files.put(name, copies.computeIfAbsent(file, CrashFile::copy)));
        durable.forEach((name, file) -> left.durable.put(name, copies.computeIfAbsent(file, CrashFile::copy)));
        changes.forEach(change -> left.changes.add(
                new NameChange(change.from, change.to, copies.computeIfAbsent(change.file, CrashFile::copy))));
        folders.forEach((name, folder) -> left.folders.put(name, folder.copy(newDisk)));
        return left;
    }

    private synchronized CrashDirectory after(CrashDisk newDisk, @Nullable Random random) {
        CrashDirectory left = new CrashDirectory(newDisk, location);
        Map<String, CrashFile> names = random == null ? files : namesAfterPowerCut(random);
        names.forEach((name, file) -> {
            CrashFile content = random == null ? file.kept() : file.afterPowerCut(random);
            left.files.put(name, content);
            left.durable.put(name, content);
        });
        folders.forEach((name, folder) -> left.folders.put(name, folder.after(newDisk, random)));
        return left;
    }

    /** Each change of a name since the last sync has happened or not; mostly all of one kind, so that the plain cases are common. */
    private Map<String, CrashFile> namesAfterPowerCut(Random random) {
        Map<String, CrashFile> names = new TreeMap<>(durable);
        int kind = random.nextInt(4);
        for (NameChange change : changes) {
            if (kind == 0 || (kind > 1 && random.nextBoolean())) {
                change.apply(names);
            }
        }
        return names;
    }

    private void note(@Nullable String from, @Nullable String to, CrashFile file) {
        NameChange change = new NameChange(from, to, file);
        change.apply(files);
        changes.add(change);
    }

    private void failIfAsked(DiskOperation operation, String path) {
        EngineException failure = disk.fault(operation, path);
        if (failure != null) {
            throw failure;
        }
    }

    private CrashFile file(String verb, String name) {
        CrashFile file = files.get(FileNames.ofFile(name));
        if (file == null) {
            throw new EngineException(
                    ErrorCode.FILE_NOT_FOUND, "cannot " + verb + " '" + path(name) + "': no such file or folder");
        }
        return file;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public synchronized List<String> list() {
        disk.alive();
        return List.copyOf(files.keySet());
    }

    @Override
    public synchronized List<String> folders() {
        disk.alive();
        return List.copyOf(folders.keySet());
    }

    @Override
    public synchronized boolean exists(String name) {
        disk.alive();
        return files.containsKey(FileNames.any(name));
    }

    @Override
    public synchronized long length(String name) {
        disk.alive();
        return file("read", name).length();
    }

    @Override
    public synchronized InputFile input(String name) {
        disk.begin(DiskOperation.READ, path(name));
        CrashFile file = file("read", name);
        return new Input(path(name), file);
    }

    private final class Input implements InputFile {
        private final String path;
        private final CrashFile file;

        Input(String path, CrashFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long length() {
            synchronized (CrashDirectory.this) {
                return file.length();
            }
        }

        @Override
        public int read(long offset, ByteBuffer target) {
            synchronized (CrashDirectory.this) {
                disk.begin(DiskOperation.READ, path);
                failIfAsked(DiskOperation.READ, path);
                byte[] bytes = new byte[(int) Math.max(0, Math.min(target.remaining(), file.length() - offset))];
                file.read(offset, bytes, 0, bytes.length);
                target.put(bytes);
                return bytes.length;
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public synchronized OutputFile create(String name) {
        boolean crash = disk.begin(DiskOperation.CREATE, path(FileNames.ofFile(name)));
        if (crash && disk.part(1) == 0) {
            throw disk.crash();
        }
        failIfAsked(DiskOperation.CREATE, path(name));
        CrashFile old = files.get(name);
        CrashFile file = old == null ? new CrashFile() : old;
        if (old == null) {
            note(null, name, file);
        } else {
            old.truncate(0);
        }
        if (crash) {
            throw disk.crash();
        }
        return new Output(name, file);
    }

    @Override
    public synchronized OutputFile append(String name, long length) {
        boolean crash = disk.begin(DiskOperation.CREATE, path(FileNames.ofFile(name)));
        if (crash && disk.part(1) == 0) {
            throw disk.crash();
        }
        failIfAsked(DiskOperation.CREATE, path(name));
        CrashFile file = file("append to", name);
        if (file.length() < length) {
            throw new EngineException(
                    ErrorCode.CORRUPTION,
                    "'" + path(name) + "' is cut off: it has " + file.length() + " bytes, at least " + length
                            + " were expected");
        }
        if (length < file.length()) {
            file.truncate((int) length);
        }
        if (crash) {
            throw disk.crash();
        }
        return new Output(name, file);
    }

    @Override
    public synchronized int read(String name, long offset, ByteBuffer target) {
        disk.begin(DiskOperation.READ, path(name));
        CrashFile file = file("read", name);
        failIfAsked(DiskOperation.READ, path(name));
        byte[] bytes = new byte[(int) Math.max(0, Math.min(target.remaining(), file.length() - offset))];
        file.read(offset, bytes, 0, bytes.length);
        target.put(bytes);
        return bytes.length;
    }

    @Override
    public synchronized ByteBuffer map(String name, long offset, int length) {
        disk.begin(DiskOperation.READ, path(name));
        CrashFile file = file("map", name);
        failIfAsked(DiskOperation.READ, path(name));
        if (offset + length > file.length()) {
            throw new EngineException(
                    ErrorCode.CORRUPTION,
                    "'" + path(name) + "' is cut off: it has " + file.length() + " bytes, " + length
                            + " were expected at offset " + offset);
        }
        byte[] bytes = new byte[length];
        file.read(offset, bytes, 0, length);
        // as aligned as the same place of a mapped file is
        int shift = (int) (offset % MAP_ALIGNMENT);
        ByteBuffer room = ByteBuffer.allocateDirect(length + 3 * MAP_ALIGNMENT).alignedSlice(MAP_ALIGNMENT);
        ByteBuffer mapped = room.slice(shift, length).put(bytes).flip();
        return mapped.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public synchronized void rename(String from, String to) {
        boolean crash = disk.begin(DiskOperation.RENAME, path(FileNames.ofFile(from)));
        if (crash && disk.part(1) == 0) {
            throw disk.crash();
        }
        failIfAsked(DiskOperation.RENAME, path(from));
        note(from, FileNames.ofFile(to), file("rename", from));
        if (crash) {
            throw disk.crash();
        }
    }

    @Override
    public synchronized void delete(String name) {
        boolean crash = disk.begin(DiskOperation.DELETE, path(FileNames.ofFile(name)));
        if (crash && disk.part(1) == 0) {
            throw disk.crash();
        }
        failIfAsked(DiskOperation.DELETE, path(name));
        CrashFile file = files.get(name);
        if (file != null) {
            note(name, null, file);
        }
        if (crash) {
            throw disk.crash();
        }
    }

    @Override
    public synchronized void sync() {
        if (disk.begin(DiskOperation.SYNC_FOLDER, location)) {
            throw disk.crash();
        }
        failIfAsked(DiskOperation.SYNC_FOLDER, location);
        durable.clear();
        durable.putAll(files);
        changes.clear();
    }

    @Override
    public long freeBytes() {
        return disk.freeBytes();
    }

    @Override
    public synchronized Directory folder(String name) {
        disk.alive();
        return folders.computeIfAbsent(FileNames.any(name), key -> new CrashDirectory(disk, location + "/" + key));
    }

    @Override
    public synchronized void deleteFolder(String name) {
        disk.alive();
        folders.remove(FileNames.any(name));
    }

    @Override
    public synchronized void deleteLock(String name) {
        disk.alive();
        CrashFile file = files.get(FileNames.ofLock(name));
        if (file != null) {
            note(name, null, file);
        }
    }

    @Override
    public synchronized DirectoryLock lock(String name, boolean shared) {
        disk.alive();
        int held = locks.getOrDefault(FileNames.ofLock(name), 0);
        if (held != 0 && (held < 0 || !shared)) {
            throw new EngineException(ErrorCode.DATABASE_LOCKED, "database '" + location + "' is open in this process");
        }
        if (!files.containsKey(name)) {
            note(null, name, new CrashFile());
        }
        locks.put(name, shared ? held + 1 : -1);
        boolean[] open = {true};
        return () -> {
            synchronized (this) {
                if (open[0]) {
                    open[0] = false;
                    locks.merge(name, shared ? -1 : 1, Integer::sum);
                }
            }
        };
    }

    @Override
    public void close() {}

    private final class Output implements OutputFile {
        private final String name;
        private final CrashFile file;
        private boolean open = true;

        Output(String name, CrashFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long length() {
            synchronized (CrashDirectory.this) {
                return (long) file.length() - unknown;
            }
        }

        /** Bytes of a write that failed, behind the length that is told. */
        private int unknown;

        private void begun(DiskOperation operation) {
            if (!open) {
                throw new EngineException(
                        ErrorCode.IO_ERROR, "cannot " + operation.verb() + " '" + path(name) + "': Stream Closed");
            }
        }

        @Override
        public void write(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            write(copy, 0, copy.length);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            synchronized (CrashDirectory.this) {
                boolean crash = disk.begin(DiskOperation.WRITE, path(name));
                begun(DiskOperation.WRITE);
                if (crash) {
                    file.write(bytes, from, disk.part(count));
                    throw disk.crash();
                }
                EngineException failure = disk.fault(DiskOperation.WRITE, path(name));
                if (failure != null) {
                    int part = disk.part(count);
                    file.write(bytes, from, part);
                    unknown += part;
                    throw failure;
                }
                file.write(bytes, from, count);
            }
        }

        @Override
        public void truncate(long length) {
            synchronized (CrashDirectory.this) {
                boolean crash = disk.begin(DiskOperation.TRUNCATE, path(name));
                begun(DiskOperation.TRUNCATE);
                if (crash && disk.part(1) == 0) {
                    throw disk.crash();
                }
                failIfAsked(DiskOperation.TRUNCATE, path(name));
                file.truncate((int) length);
                unknown = 0;
                if (crash) {
                    throw disk.crash();
                }
            }
        }

        @Override
        public void sync() {
            synchronized (CrashDirectory.this) {
                boolean crash = disk.begin(DiskOperation.SYNC, path(name));
                begun(DiskOperation.SYNC);
                if (crash) {
                    throw disk.crash();
                }
                EngineException failure = disk.fault(DiskOperation.SYNC, path(name));
                if (failure != null) {
                    file.failSync();
                    throw failure;
                }
                file.sync();
            }
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
