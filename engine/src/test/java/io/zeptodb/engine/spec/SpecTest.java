package io.zeptodb.engine.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every record of every spec file is a test, named file:line. Each file runs in each {@link Mode}, in a database of its own, and must
 * give the same answers; on disk the database is closed and opened again in between. The files below {@code durable/} have a folder of the file system
 * for that, the others one in memory, which is quicker; {@code -Dspec.folders=true} gives all of them the file system's. In a statement {@code __TEST_DIR__} is a folder of the run's own. {@code -Dspec=file} or {@code -Dspec=file:line} runs that alone (with the records before it that it needs);
 * {@code -Dspec.fill=true} writes the answers that come into the files instead of comparing them.
 */
class SpecTest {
    static final Path FOLDER = Path.of("src/test/resources/spec");

    /** State of the storage and number of threads that a file runs with. */
    enum Mode {
        HOT(false, Map.of("threads", "1")),
        SEALED(false, Map.of("threads", "2")),
        HALF_SEALED(false, Map.of("threads", "2")),
        DISK_SEALED(true, Map.of("threads", "1", "durability", "none")),
        DISK_HALF_SEALED(
                true,
                Map.of("threads", "2", "durability", "none", "storage_mode", "disk", "segment_compression", "lz4"));

        final boolean onDisk;
        final Map<String, String> options;

        Mode(boolean onDisk, Map<String, String> options) {
            this.onDisk = onDisk;
            this.options = options;
        }

        boolean sealsAfter(int statement) {
            return switch (this) {
                case HOT -> false;
                case SEALED, DISK_SEALED -> true;
                case HALF_SEALED, DISK_HALF_SEALED -> statement % 2 == 0;
            };
        }
    }

    @TestFactory
    Stream<DynamicNode> specFiles() {
        String selected = System.getProperty("spec", "");
        boolean fill = Boolean.getBoolean("spec.fill");
        List<SpecFile> files = SpecFile.below(FOLDER);
        assertTrue(!files.isEmpty(), "no spec files below " + FOLDER.toAbsolutePath());
        Stream<Mode> modes = fill ? Stream.of(Mode.HOT) : Stream.of(Mode.values());
        return modes.flatMap(mode -> files.stream()
                .filter(file -> selected.isEmpty()
                        || selected.startsWith(file.path())
                        || file.path().startsWith(selected))
                .map(file -> container(file, mode, selected, fill)));
    }

    private static DynamicNode container(SpecFile file, Mode mode, String selected, boolean fill) {
        SpecRun run = new SpecRun(file, mode, fill);
        Stream<DynamicNode> records = file.records().stream().map(record -> {
            boolean shown = selected.isEmpty() || !selected.contains(".test:") || selected.equals(record.name());
            return DynamicTest.dynamicTest(record.name() + (shown ? "" : " (needed)"), () -> run.record(record, shown));
        });
        DynamicNode last = DynamicTest.dynamicTest(file.path() + " leaves no byte", run::close);
        return DynamicContainer.dynamicContainer(
                file.path() + " [" + mode + "]", Stream.concat(records, Stream.of(last)));
    }
}
