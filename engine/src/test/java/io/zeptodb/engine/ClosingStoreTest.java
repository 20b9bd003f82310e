package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.ingest.Storage;
import io.zeptodb.engine.partition.SealPolicy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that is closed while it is looked at for a moment only, by who is then refused. */
@Timeout(60)
class ClosingStoreTest {
    private static final int ROUNDS = 100;

    private static final TableSchema NAMED = new TableSchema(
            "named",
            List.of(new ColumnDefinition("s", ColumnType.SYMBOL, true)),
            TableSchema.NONE,
            TableSchema.NONE,
            PartitionScheme.UNPARTITIONED);

    @Test
    void whoIsRefusedDoesNotKeepTheStoreFromBeingClosed() throws Exception {
        int late = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (RootAllocator root = new RootAllocator();
                    Crew crew = new Crew()) {
                Storage storage = new Storage(new MemoryBudget(root), SealPolicy.ofSealRows(1 << 20), () -> {});
                TableMetadata table = storage.createTable(NAMED);
                AtomicBoolean stop = new AtomicBoolean();
                CountDownLatch running = new CountDownLatch(2);
                crew.start("symbols", () -> {
                    while (!stop.get()) {
                        refusedOrDone(() -> storage.store().intern(table, 0, "a"));
                        running.countDown();
                    }
                });
                crew.start("snapshots", () -> {
                    while (!stop.get()) {
                        refusedOrDone(() -> storage.lease().close());
                        running.countDown();
                    }
                });
                running.await();
                try {
                    storage.close();
                    assertThat(root.getAllocatedMemory()).isZero();
                } catch (EngineException e) {
                    // a thread that the machine stopped for a tenth of a second just then
                    assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
                    late++;
                } finally {
                    stop.set(true);
                    crew.join();
                }
                assertThat(root.getAllocatedMemory()).isZero();
            }
        }
        assertThat(late).isLessThan(ROUNDS / 10);
    }

    private static void refusedOrDone(Runnable use) {
        try {
            use.run();
        } catch (EngineException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CLOSED);
        }
    }

    @Test
    void aSymbolThatIsWrittenDownForLongKeepsItsMemoryUntilItIsDone() throws Exception {
        try (RootAllocator root = new RootAllocator()) {
            Storage storage = new Storage(new MemoryBudget(root), SealPolicy.ofSealRows(1 << 20), () -> {});
            TableMetadata table = storage.createTable(NAMED);
            SlowText text = new SlowText();
            try (Crew crew = new Crew()) {
                crew.start("symbols", () -> storage.store().intern(table, 0, text));
                text.read.await();
                assertThatThrownBy(storage::close)
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED))
                        .hasMessageStartingWith("the database is closed while snapshots are being read");
                assertThat(storage.isClosed()).isTrue();
                assertThat(root.getAllocatedMemory()).isPositive();
                text.mayGoOn.countDown();
            }
            assertThat(root.getAllocatedMemory()).isZero();
        }
    }

    /** A text that takes its time to say how long it is. */
    private static final class SlowText implements CharSequence {
        private final CountDownLatch read = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);

        @Override
        public int length() {
            read.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return 1;
        }

        @Override
        public char charAt(int index) {
            return 'a';
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return this;
        }

        @Override
        public String toString() {
            length();
            return "a";
        }
    }
}
