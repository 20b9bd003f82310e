package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What was cancelled before it begins does not begin. */
class CancelledBeforeTest {
    private static final ExecutionOptions CANCELLED = new ExecutionOptions(0, 0, () -> true);

    private static void assertCancelled(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    private static long count(Session session) {
        try (BatchCursor rows = session.query("SELECT x FROM t")) {
            long count = 0;
            while (rows.next()) {
                count += rows.batch().getRowCount();
            }
            return count;
        }
    }

    @Test
    void noneOfItIsDone() {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            session.update("CREATE TABLE t (x BIGINT)");
            assertCancelled(() -> session.prepare("SELECT count(*) FROM t WHERE x > 7", () -> true));
            try (PreparedQuery query = session.prepare("SELECT x FROM t");
                    PreparedQuery insert = session.prepare("INSERT INTO t VALUES (?)");
                    PreparedQuery create = session.prepare("CREATE TABLE u (x BIGINT)")) {
                assertCancelled(() -> query.query(List.of(), CANCELLED));
                assertCancelled(() -> insert.update(List.of(1L), CANCELLED));
                assertCancelled(() -> insert.updateBatch(List.of(List.of(1L), List.of(2L)), CANCELLED));
                assertCancelled(() -> create.update(List.of(), CANCELLED));
                assertThat(count(session)).isZero();
                assertThat(insert.update(List.of(1L), ExecutionOptions.DEFAULT)).isEqualTo(1);
                assertThat(create.update(List.of(), ExecutionOptions.DEFAULT)).isZero();
            }
            assertThat(count(session)).isEqualTo(1);
        }
    }

    @Test
    void aBatchOfChangesEndsBetweenTwoOfThem() {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            session.update("CREATE TABLE t (x BIGINT)");
            session.update("INSERT INTO t VALUES (1), (2), (3)");
            AtomicBoolean cancelled = new AtomicBoolean();
            ExecutionOptions options = new ExecutionOptions(0, 0, cancelled::get);
            List<Object> third = new AbstractList<>() {
                @Override
                public Object get(int index) {
                    cancelled.set(true); // while the third run is made ready
                    return 3L;
                }

                @Override
                public int size() {
                    return 1;
                }
            };
            session.begin(false);
            try (PreparedQuery delete = session.prepare("DELETE FROM t WHERE x = ?")) {
                assertThatThrownBy(() -> delete.updateBatch(List.of(List.of(1L), List.of(9L), third), options))
                        .isInstanceOfSatisfying(EngineException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
                            assertThat(e.updateCounts()).containsExactly(1, 0);
                        });
            }
            session.commit();
            assertThat(count(session)).isEqualTo(2);
        }
    }
}
