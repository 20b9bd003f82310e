package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.BatchCursor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.util.TransferPair;

/**
 * Goes over the rows of Arrow batches to and fro. Batches are pulled when a move needs them and kept until {@link #close()}, as their vectors are: no value is
 * copied, and what is the table's own memory stays that. Kept memory belongs to the allocator of the batches, so that the limits of the query hold.
 */
public final class KeptCursor extends ArrowCursor {
    private record Kept(VectorSchemaRoot batch, DictionaryProvider dictionaries, long from, long end) {}

    private final List<Kept> kept = new ArrayList<>();
    private boolean afterLast;

    public KeptCursor(BatchCursor batches) {
        super(batches);
    }

    @Override
    VectorSchemaRoot keep(VectorSchemaRoot batch, long from) {
        List<FieldVector> vectors = new ArrayList<>();
        for (FieldVector vector : batch.getFieldVectors()) {
            TransferPair transfer = vector.getTransferPair(vector.getField(), vector.getAllocator());
            transfer.transfer();
            vectors.add((FieldVector) transfer.getTo());
        }
        VectorSchemaRoot owned = new VectorSchemaRoot(batch.getSchema(), vectors, batch.getRowCount());
        kept.add(new Kept(owned, present(), from, from + batch.getRowCount()));
        return owned;
    }

    /** The dictionaries as they are now: those of a later batch may be others under the same ids. */
    private DictionaryProvider present() {
        DictionaryProvider.MapDictionaryProvider present = new DictionaryProvider.MapDictionaryProvider();
        DictionaryProvider all = batches.dictionaries();
        for (long id : all.getDictionaryIds()) {
            Dictionary dictionary = all.lookup(id);
            if (dictionary != null) {
                present.put(dictionary);
            }
        }
        return present;
    }

    /** Rows that were pulled. */
    private long rows() {
        return kept.isEmpty() ? 0 : kept.get(kept.size() - 1).end();
    }

    /** Rows of the result: all of them are pulled for it. */
    public long total() throws SQLException {
        lockOpen();
        try {
            fetch(Long.MAX_VALUE);
            return rows();
        } finally {
            leave();
        }
    }

    /** Whether there is this row, counted from 0. The lock is held: a close frees what is kept. */
    private boolean fetch(long target) throws SQLException {
        refuseIfTaken();
        setStarted();
        while (target >= rows()) {
            refuseIfFailed();
            if (hasEnded()) {
                return false;
            }
            pull();
        }
        return true;
    }

    private void show(int index) {
        Kept wanted = kept.get(index);
        show(wanted.batch(), wanted.dictionaries(), wanted.from(), wanted.end());
    }

    private int find(long target) {
        int low = 0;
        int high = kept.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (kept.get(middle).from() <= target) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /**
     * Goes to a row, counted from 0; before the first when it is negative, behind the last when there are not so many.
     *
     * @return whether there is such a row
     */
    public boolean go(long target) throws SQLException {
        lockOpen();
        try {
            refuseIfTaken();
            setStarted();
            boolean there = target >= 0 && fetch(target);
            afterLast = target >= 0 && !there && rows() > 0;
            if (there && !shows(target)) {
                show(find(target));
            }
            moveTo(there ? target : NO_ROW);
            return there;
        } finally {
            leave();
        }
    }

    /** Where it stands: -1 before the first row, the number of rows behind the last. */
    public long position() throws SQLException {
        if (!afterLast) {
            return rowNumber() - 1;
        }
        lockOpen();
        try {
            return rows();
        } finally {
            leave();
        }
    }

    /** Whether there is a row behind the current one. */
    public boolean hasNext() throws SQLException {
        lockOpen();
        try {
            long at = rowNumber() - 1;
            boolean more = fetch(at + 1);
            if (at >= 0 && !shows(at)) {
                show(find(at));
            }
            return more;
        } finally {
            leave();
        }
    }

    @Override
    public boolean next() throws SQLException {
        long following = rowNumber();
        if (!afterLast && shows(following)) {
            moveTo(following); // most rows lie in the batch that is read: no lock for them
            return true;
        }
        return !afterLast && go(following);
    }

    /** Wherever it stands: the first batch is pulled when none was. */
    @Override
    public boolean hasRows() throws SQLException {
        lockOpen();
        try {
            refuseIfTaken();
            return rows() > 0 || fetch(0);
        } finally {
            leave();
        }
    }

    @Override
    public boolean isAfterLast() {
        return afterLast;
    }

    @Override
    public VectorSchemaRoot batch() throws SQLException {
        lockOpen();
        try {
            long at = rowNumber() - 1;
            return at < 0 ? super.batch() : kept.get(find(at)).batch();
        } finally {
            leave();
        }
    }

    @Override
    void free() {
        kept.forEach(each -> each.batch().close());
        kept.clear();
        super.free();
    }
}
