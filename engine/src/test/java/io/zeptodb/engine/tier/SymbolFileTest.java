package io.zeptodb.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Manifest.DictionaryFile;
import io.zeptodb.engine.store.CrashDirectory;
import io.zeptodb.engine.store.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class SymbolFileTest {
    private static final int MOST_FRAME = 2 << 20;

    private static List<String> read(CrashDirectory folder, DictionaryFile file) {
        List<String> texts = new ArrayList<>();
        SymbolFile.read(folder, 1, file, text -> {
            texts.add(text);
            return texts.size() - 1;
        });
        return texts;
    }

    @Test
    void aFrameIsCutByItsBytes() {
        try (MemoryBudget budget = new MemoryBudget(new RootAllocator());
                SymbolTable table = new SymbolTable(budget)) {
            List<String> texts = new ArrayList<>();
            CrashDirectory folder = new CrashDirectory();
            DictionaryFile file = new DictionaryFile(4, DictionaryFile.fileName(1, 4), 0, 0);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 1500; i++) {
                    String text = "p".repeat(i % 3 == 0 ? 4200 : i % 500 == 1 ? 300_000 : 3) + round + "-" + i;
                    table.intern(text);
                    texts.add(text);
                }
                file = SymbolFile.extend(folder, 1, file, table);
                assertThat(file.codes()).isEqualTo(texts.size());
                assertThat(read(folder, file)).isEqualTo(texts);
            }
            byte[] bytes = folder.readAll(file.file());
            ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < bytes.length; at += Frame.HEADER_BYTES + Frame.length(view, at)) {
                assertThat(Frame.length(view, at)).isLessThan(MOST_FRAME);
            }
        }
    }

    @Test
    void aTextThatNoFileCouldTakeIsRefused() {
        try (MemoryBudget budget = new MemoryBudget(new RootAllocator());
                SymbolTable table = new SymbolTable(budget)) {
            assertThatThrownBy(() -> table.intern("x".repeat(SymbolTable.MOST_TEXT_BYTES + 1)))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_TOO_LONG));
            assertThat(table.size()).isZero();
        }
    }

    @Test
    void aFileThatIsMissingIsDamage() {
        DictionaryFile file = new DictionaryFile(4, DictionaryFile.fileName(1, 4), 100, 2);
        assertThatThrownBy(() -> read(new CrashDirectory(), file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTION))
                .hasMessageContaining("sym-1-4.dict' is missing (offset 0)");
    }
}
