package io.zeptodb.engine.copy;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.store.ExternalFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Writes batches of VARCHAR columns as CSV. A text that looks like NULL is quoted, so that it reads back as itself. One thread. */
public final class CsvSink implements CopySink {
    private final ExternalFile file;
    private final String nullText;
    private final NullQuoting quoting = new NullQuoting();
    private final CsvWriter writer;
    private long rows;

    /**
     * Writes the header, when the options ask for one.
     *
     * @param output where to; committed and closed by the caller
     */
    public CsvSink(ExternalFile file, ExternalFile.Output output, CsvOptions options, List<String> names) {
        this.file = file;
        this.nullText = options.nullText();
        this.writer = CsvWriter.builder()
                .fieldSeparator(options.delimiter())
                .quoteCharacter(options.quote())
                .commentCharacter(unused(options))
                .lineDelimiter(LineDelimiter.LF)
                .quoteStrategy(quoting)
                .build(new OutputStreamWriter(output.stream(), StandardCharsets.UTF_8));
        if (options.header()) {
            record(names);
        }
    }

    /** The writer wants one, which it quotes where a line begins with it: comments there are none. */
    private static char unused(CsvOptions options) {
        char free = '#';
        while (free == options.delimiter() || free == options.quote()) {
            free++;
        }
        return free;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void write(Batch batch) {
        try {
            for (int i = 0; i < batch.selectedCount(); i++) {
                int row = batch.position(i);
                CsvWriter.CsvWriterRecord line = writer.writeRecord();
                for (ColumnVector column : batch.columns()) {
                    quoting.writingNull = column.isNull(row);
                    line.writeField(quoting.writingNull ? nullText : column.getText(row));
                }
                line.endRecord();
                rows++;
            }
        } catch (UncheckedIOException e) {
            throw file.failure("write", Objects.requireNonNull(e.getCause()));
        }
    }

    private void record(List<String> fields) {
        try {
            writer.writeRecord(fields);
        } catch (UncheckedIOException e) {
            throw file.failure("write", Objects.requireNonNull(e.getCause()));
        }
    }

    @Override
    public void finish() {
        try {
            writer.flush();
        } catch (IOException e) {
            throw file.failure("write", e);
        }
    }

    /** Frees nothing: the output belongs to the caller. */
    @Override
    public void close() {
        finish();
    }

    /** NULL is written without quotes, and a text that looks like it with them. */
    private final class NullQuoting implements QuoteStrategy {
        private boolean writingNull;

        @Override
        public boolean quoteEmpty(int line, int field) {
            return !writingNull && nullText.isEmpty();
        }

        @Override
        public boolean quoteValue(int line, int field, String value) {
            return !writingNull && value.equals(nullText);
        }
    }
}
