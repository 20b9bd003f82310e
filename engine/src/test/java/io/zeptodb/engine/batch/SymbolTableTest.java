package io.zeptodb.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SymbolTableTest {
    private final RootAllocator root = new RootAllocator();
    private final SymbolTable table = new SymbolTable(new MemoryBudget(root));

    @AfterEach
    void nothingIsLeft() {
        table.close();
        assertThat(root.getAllocatedMemory()).isZero();
        root.close();
    }

    @Test
    void codesCountFromZeroInTheOrderOfFirstSight() {
        assertThat(table.find("AAPL")).isEqualTo(-1);
        assertThat(table.intern("AAPL")).isZero();
        assertThat(table.intern("a symbol of more than twelve bytes")).isEqualTo(1);
        assertThat(table.intern("")).isEqualTo(2);
        assertThat(table.intern(new StringBuilder("AAPL"))).isZero();
        assertThat(table.find("a symbol of more than twelve bytes")).isEqualTo(1);
        assertThat(table.find("")).isEqualTo(2);
        assertThat(table.find("AAP")).isEqualTo(-1);
        assertThat(table.find("AAPLX")).isEqualTo(-1);
        assertThat(table.size()).isEqualTo(3);
        assertThat(table.text(1))
                .isEqualTo("a symbol of more than twelve bytes")
                .isSameAs(table.text(1));
        assertThatThrownBy(() -> table.text(3)).hasMessage("symbol code 3 is not in a dictionary of 3");
    }

    @Test
    void textsBeyondAsciiAreOneWhateverTheWayIn() {
        String[] texts = {"é", "ée", "日本語の長い名前です", "😀", "a😀", "Ünïcödé"};
        for (int i = 0; i < texts.length; i++) {
            assertThat(table.intern(texts[i])).isEqualTo(i);
        }
        try (WritableColumn column = new WritableColumn(new MemoryBudget(root), ColumnType.VARCHAR)) {
            column.reserve(texts.length);
            for (int i = 0; i < texts.length; i++) {
                column.setText(i, texts[i]);
            }
            ColumnVector vector = column.vector();
            for (int i = 0; i < texts.length; i++) {
                assertThat(table.intern(vector.viewBytes(i), vector.viewLength(i)))
                        .isEqualTo(i);
                assertThat(table.find(vector.viewBytes(i), vector.viewLength(i)))
                        .isEqualTo(i);
                assertThat(table.text(i)).isEqualTo(texts[i]);
            }
        }
        assertThat(table.compare(0, 1)).isNegative();
        assertThat(table.compare(3, 0)).isPositive();
        assertThat(table.compare(3, 3)).isZero();
    }

    @Test
    void aMillionSymbolsAreFoundByReadersWhileTheyAreAdded() throws InterruptedException {
        int symbols = 1_000_000;
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            Thread reader = new Thread(() -> {
                try {
                    long seed = 1;
                    while (!done.get()) {
                        int size = table.size();
                        if (size > 0) {
                            seed = seed * 6364136223846793005L + 1442695040888963407L;
                            check((int) ((seed >>> 33) % size));
                        }
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
            readers.add(reader);
            reader.start();
        }
        for (int i = 0; i < symbols; i++) {
            if (table.intern(name(i)) != i) {
                throw new AssertionError("symbol " + i);
            }
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(table.size()).isEqualTo(symbols);
        for (int i = 0; i < symbols; i += 997) {
            check(i);
        }
    }

    private static String name(int i) {
        return i % 3 == 0 ? "S" + i : "a rather long symbol " + i;
    }

    private void check(int code) {
        String text = table.text(code);
        if (!text.equals(name(code)) || table.find(text) != code) {
            throw new AssertionError("code " + code + " is " + text + ", found as " + table.find(text));
        }
        ColumnVector values = table.values();
        if (!values.getText(code).equals(text)) {
            throw new AssertionError("the vector has " + values.getText(code) + " for " + text);
        }
    }

    @Test
    void aFullMemoryRefusesAndKeepsWhatIsThere() {
        try (RootAllocator small = new RootAllocator(16 << 10);
                SymbolTable tight = new SymbolTable(new MemoryBudget(small))) {
            int stored = 0;
            try {
                while (true) {
                    tight.intern("a symbol that needs room of its own " + stored);
                    stored++;
                }
            } catch (io.zeptodb.engine.api.EngineException e) {
                assertThat(e.code()).isEqualTo(io.zeptodb.engine.api.ErrorCode.OUT_OF_MEMORY);
            }
            assertThat(tight.size()).isEqualTo(stored);
            assertThat(tight.find("a symbol that needs room of its own " + (stored - 1)))
                    .isEqualTo(stored - 1);
        }
    }
}
