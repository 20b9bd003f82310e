package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * COPY of Arrow files that others wrote (pyarrow 25.0.1 wrote those below {@code src/test/resources/copy}), that others read, and that are broken: rows or
 * an error, and no byte left.
 */
@Timeout(120)
class ArrowCopyTest {
    private static final Path FOREIGN = Path.of("src/test/resources/copy");
    private static final int ROWS = 100_000;

    @TempDir
    private Path folder;

    private final Database database =
            Engine.open(Map.of("threads", "2", "memory_limit", "512MB", "query_memory_limit", "64MB"));
    private final Session session = database.openSession();

    @BeforeEach
    void warmUp() {
        session.update("CREATE TABLE t (k BIGINT, s VARCHAR, y SYMBOL)");
    }

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.statistics().allocatedBytes()).isZero();
    }

    private void fill(int rows) {
        session.update("INSERT INTO t WITH RECURSIVE g (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM g WHERE n < "
                + (rows / 100 - 1)
                + ") SELECT n * 100 + h, 'text ' || n, 'S' || mod(n, 7) FROM g, (WITH RECURSIVE i (h) AS (SELECT 0 UNION ALL"
                + " SELECT h + 1 FROM i WHERE h < 99) SELECT h FROM i) AS j");
    }

    private List<String> rows(String sql) {
        return SpecAnswer.rows(session, sql);
    }

    private void copyFails(String table, Path file, ErrorCode code, String... parts) {
        assertThatThrownBy(() -> session.update("COPY " + table + " FROM '" + file + "'"))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.getMessage()).contains(parts);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"types-zstd.feather", "types-lz4.feather", "types.arrows"})
    void typesOfPyarrow(String name) {
        session.update(
                "CREATE TABLE types (k BIGINT, b BOOLEAN, u1 SMALLINT, u4 BIGINT, u8 BIGINT, f REAL, d DOUBLE, s VARCHAR, ls VARCHAR,"
                        + " sv VARCHAR, y SYMBOL, bin VARBINARY, fb VARBINARY, c DECIMAL(9, 2), d32 DATE, d64 DATE, t32 TIME, t64 TIME(9),"
                        + " ms TIMESTAMP(3), us TIMESTAMP(6), ns TIMESTAMP(9), nul INTEGER)");
        long stored = session.update("COPY types FROM '" + FOREIGN.resolve(name) + "'");
        assertThat(stored).isEqualTo(name.endsWith("s") ? 100 : 200);
        assertThat(rows("SELECT * FROM types WHERE k IN (7, 8)  ORDER BY k"))
                .containsExactly(
                        "7\tfalse\t7\t4294967288\t21\t1.75\t1\ttext 7\ta large text of number 7\tview 7 and some more\tSYM7\t\\x0701\t\\x070203"
                                + "\t0.07\t2024-01-08\t2024-01-08\t00:00:07\t00:00:00.007\t2023-11-14 22:13:20.007"
                                + "\t2023-11-14 22:13:20.000007\t2023-11-14 22:13:20.000000007\tNULL",
                        "8" + "\tNULL".repeat(21));
        assertThat(rows("SELECT count(*), sum(k), sum(u8), count(DISTINCT y), count(sv) FROM types"))
                .containsExactly(stored == 100 ? "100\t4950\t13101\t11\t89" : "200\t19900\t52935\t11\t178");
    }

    @Test
    void blocksOfLz4ReferToThoseBeforeThem() {
        assertThat(session.update("COPY t (k, s) FROM '" + FOREIGN.resolve("blocks-lz4.feather") + "'"))
                .isEqualTo(40_000);
        assertThat(rows("SELECT sum(k), count(DISTINCT s), max(k), min(s) FROM t"))
                .containsExactly("20929610000\t50\t1559961\ttext 0");
    }

    @Test
    void whatNoColumnHasIsRefused() {
        session.update("CREATE TABLE l (k BIGINT, l VARCHAR)");
        copyFails("l", FOREIGN.resolve("nested.arrow"), ErrorCode.FEATURE_NOT_SUPPORTED, "column 'l'", "List");
        session.update("CREATE TABLE h (k DOUBLE)");
        copyFails("h", FOREIGN.resolve("float16.arrow"), ErrorCode.FEATURE_NOT_SUPPORTED, "column 'k'", "HALF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4", "zstd"})
    void othersReadWhatIsWritten(String compression) throws IOException {
        fill(ROWS);
        Path file = folder.resolve("t.arrow");
        Path stream = folder.resolve("t.arrows");
        assertThat(session.update("COPY t TO '" + file + "' WITH (compression = '" + compression + "')"))
                .isEqualTo(ROWS);
        assertThat(session.update("COPY t TO '" + stream + "' WITH (compression = '" + compression + "')"))
                .isEqualTo(ROWS);
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(file);
                ArrowReader reader = new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE)) {
            checkRows(reader);
        }
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader reader = new ArrowStreamReader(
                        Files.newInputStream(stream), allocator, CommonsCompressionFactory.INSTANCE)) {
            checkRows(reader);
        }
        assertThat(session.update("COPY t FROM '" + file + "'")).isEqualTo(ROWS);
        assertThat(rows("SELECT count(*), count(DISTINCT k) FROM t")).containsExactly(2 * ROWS + "\t" + ROWS);
    }

    private static void checkRows(ArrowReader reader) throws IOException {
        long sum = 0;
        int rows = 0;
        while (reader.loadNextBatch()) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            BigIntVector keys = (BigIntVector) root.getVector("k");
            VarCharVector texts = (VarCharVector) root.getVector("s");
            FieldVector codes = root.getVector("y");
            try (FieldVector symbols = (FieldVector) DictionaryEncoder.decode(
                    codes, reader.lookup(codes.getField().getDictionary().getId()))) {
                for (int i = 0; i < root.getRowCount(); i++) {
                    long n = keys.get(i) / 100;
                    sum += keys.get(i);
                    assertThat(new String(texts.get(i), StandardCharsets.UTF_8)).isEqualTo("text " + n);
                    assertThat(symbols.getObject(i)).hasToString("S" + n % 7);
                }
            }
            rows += root.getRowCount();
        }
        assertThat(rows).isEqualTo(ROWS);
        assertThat(sum).isEqualTo(ROWS * (ROWS - 1L) / 2);
    }

    /** New symbols come with each batch of a stream. */
    @Test
    void dictionariesOfAStreamGrow() {
        fill(ROWS);
        session.update("CREATE TABLE u (k BIGINT, y SYMBOL)");
        session.update("INSERT INTO u SELECT k, CAST(k AS VARCHAR) FROM t");
        for (String suffix : List.of("arrow", "arrows")) {
            Path file = folder.resolve("u." + suffix);
            session.update("COPY u TO '" + file + "'");
            session.update("TRUNCATE TABLE u");
            assertThat(session.update("COPY u FROM '" + file + "'")).isEqualTo(ROWS);
            assertThat(rows("SELECT count(*) FROM u WHERE y = CAST(k AS VARCHAR)"))
                    .containsExactly("" + ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.arrow", "t.arrows"})
    void filesThatWereCutOff(String name) throws IOException {
        fill(1000);
        Path file = folder.resolve(name);
        session.update("COPY t TO '" + file + "' WITH (compression = 'lz4')");
        session.update("TRUNCATE TABLE t");
        byte[] whole = Files.readAllBytes(file);
        int end = name.endsWith("s") ? whole.length - 8 : whole.length;
        for (int length = 0; length < end; length += Math.max(1, whole.length / 300)) {
            Path cut = Files.write(folder.resolve("cut." + name), Arrays.copyOf(whole, length));
            if (!isStreamThatEnds(name, cut)) {
                assertThat(rows("SELECT count(*) FROM t"))
                        .as("cut at " + length)
                        .containsExactly("0");
            }
        }
    }

    /** A stream may end without a mark, between two messages. */
    private boolean isStreamThatEnds(String name, Path cut) {
        try {
            session.update("COPY t FROM '" + cut + "'");
        } catch (EngineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_COPY_FILE);
            return false;
        }
        assertThat(name).endsWith("arrows");
        session.update("TRUNCATE TABLE t");
        return true;
    }

    /** Bytes that are wrong give other rows or an error, never a crash, and nothing stays in memory. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4", "zstd"})
    void bytesThatAreWrong(String compression) throws IOException {
        fill(500);
        Random random = new Random(20_261_122);
        for (String name : List.of("t.arrow", "t.arrows")) {
            Path file = folder.resolve(name);
            session.update("COPY t TO '" + file + "' WITH (compression = '" + compression + "')");
            byte[] whole = Files.readAllBytes(file);
            int refused = 0;
            for (int i = 0; i < 400; i++) {
                byte[] wrong = whole.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    wrong[random.nextInt(wrong.length)] = (byte) random.nextInt(256);
                }
                Path broken = Files.write(folder.resolve("broken." + name), wrong);
                try {
                    session.update("COPY t FROM '" + broken + "'");
                } catch (EngineException e) {
                    assertThat(e.code()).as(e.getMessage()).isNotEqualTo(ErrorCode.INTERNAL_ERROR);
                    refused++;
                }
            }
            assertThat(refused).isPositive();
        }
    }

    @Test
    void memoryIsTheStatements() throws IOException {
        Path file = folder.resolve("large.arrow");
        try (BufferAllocator allocator = new RootAllocator();
                BigIntVector keys = new BigIntVector("k", allocator)) {
            keys.allocateNew(20_000_000);
            for (int i = 0; i < 20_000_000; i++) {
                keys.set(i, i);
            }
            keys.setValueCount(20_000_000);
            try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(keys));
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    ArrowFileWriter writer =
                            new ArrowFileWriter(root, new DictionaryProvider.MapDictionaryProvider(), channel)) {
                writer.start();
                writer.writeBatch();
            }
        }
        session.update("CREATE TABLE large (k BIGINT)");
        copyFails("large", file, ErrorCode.OUT_OF_MEMORY, "query_memory_limit");
        assertThat(rows("SELECT count(*) FROM large")).containsExactly("0");
    }

    @Test
    void aCancelledCopyStoresNothing() {
        fill(ROWS);
        Path file = folder.resolve("t.arrow");
        session.update("COPY t TO '" + file + "'");
        session.update("CREATE TABLE u AS SELECT * FROM t WITH NO DATA");
        session.setProgressListener((done, total) -> {
            assertThat(done).isBetween(1L, total);
            session.cancel();
        });
        copyFails("u", file, ErrorCode.CANCELLED, "cancelled");
        session.setProgressListener(null);
        assertThat(rows("SELECT count(*) FROM u")).containsExactly("0");
    }
}
