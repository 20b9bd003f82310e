package io.zeptodb.engine.partition;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a table at one commit, in the order of their slices: a list in pages, of which the next commit copies those that it changes, and
 * shares the others. Made to be walked through. Immutable.
 */
final class Parts extends AbstractList<PartitionSnapshot> {
    static final Parts EMPTY = new Parts(new PartitionSnapshot[0][]);
    /** Most parts of a page: a table of few partitions has one, a commit into one of 10,000 copies 64 parts and 160 pages. */
    private static final int PAGE = 64;

    /** None is empty. */
    private final PartitionSnapshot[][] pages;

    private final int size;

    private Parts(PartitionSnapshot[][] pages) {
        this.pages = pages;
        int count = 0;
        for (PartitionSnapshot[] page : pages) {
            count += page.length;
        }
        this.size = count;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public PartitionSnapshot get(int index) {
        int at = index;
        for (PartitionSnapshot[] page : pages) {
            if (at < page.length) {
                return page[at];
            }
            at -= page.length;
        }
        throw new IndexOutOfBoundsException("partition " + index + " of " + size);
    }

    @Override
    public Iterator<PartitionSnapshot> iterator() {
        return new Iterator<>() {
            private int page;
            private int at;

            @Override
            public boolean hasNext() {
                return page < pages.length;
            }

            @Override
            public PartitionSnapshot next() {
                if (page == pages.length) {
                    throw new NoSuchElementException("all " + size + " partitions were seen");
                }
                PartitionSnapshot found = pages[page][at++];
                if (at == pages[page].length) {
                    page++;
                    at = 0;
                }
                return found;
            }
        };
    }

    /** For tests. */
    int pageCount() {
        return pages.length;
    }

    /** The partition of the slice that begins here. */
    @Nullable
    PartitionSnapshot find(long sliceStart) {
        int page = pageOf(Arrays.asList(pages), sliceStart);
        int at = pages.length == 0 ? -1 : indexIn(pages[page], sliceStart);
        return at < 0 ? null : pages[page][at];
    }

    /** The last page that does not begin behind a slice; the first when all do. */
    private static int pageOf(List<PartitionSnapshot[]> pages, long sliceStart) {
        int low = 0;
        int high = pages.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (pages.get(middle)[0].sliceStart() <= sliceStart) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** As {@link Arrays#binarySearch(long[], long)}. */
    private static int indexIn(PartitionSnapshot[] page, long sliceStart) {
        int low = 0;
        int high = page.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long start = page[middle].sliceStart();
            if (start < sliceStart) {
                low = middle + 1;
            } else if (start > sliceStart) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    Editor edit() {
        return new Editor(this);
    }

    /** The next list. */
    static final class Editor {
        private final List<PartitionSnapshot[]> pages;

        private Editor(Parts parts) {
            this.pages = new ArrayList<>(Arrays.asList(parts.pages));
        }

        /** Puts a partition in its place, and in that of the one of its slice. */
        void put(PartitionSnapshot part) {
            if (pages.isEmpty()) {
                pages.add(new PartitionSnapshot[] {part});
                return;
            }
            int number = pageOf(pages, part.sliceStart());
            PartitionSnapshot[] page = pages.get(number);
            int at = indexIn(page, part.sliceStart());
            if (at >= 0) {
                PartitionSnapshot[] next = page.clone();
                next[at] = part;
                pages.set(number, next);
            } else {
                insert(number, -at - 1, part);
            }
        }

        private void insert(int number, int at, PartitionSnapshot part) {
            PartitionSnapshot[] page = pages.get(number);
            if (page.length == PAGE && at == PAGE && number == pages.size() - 1) {
                pages.add(new PartitionSnapshot[] {part}); // time goes on: the pages behind it stay full
                return;
            }
            PartitionSnapshot[] next = new PartitionSnapshot[page.length + 1];
            System.arraycopy(page, 0, next, 0, at);
            next[at] = part;
            System.arraycopy(page, at, next, at + 1, page.length - at);
            if (next.length <= PAGE) {
                pages.set(number, next);
            } else {
                int half = next.length / 2;
                pages.set(number, Arrays.copyOf(next, half));
                pages.add(number + 1, Arrays.copyOfRange(next, half, next.length));
            }
        }

        /** Takes the partition of a slice out. Does nothing when there is none. */
        void remove(long sliceStart) {
            if (pages.isEmpty()) {
                return;
            }
            int number = pageOf(pages, sliceStart);
            PartitionSnapshot[] page = pages.get(number);
            int at = indexIn(page, sliceStart);
            if (at < 0) {
                return;
            }
            PartitionSnapshot[] next = new PartitionSnapshot[page.length - 1];
            System.arraycopy(page, 0, next, 0, at);
            System.arraycopy(page, at + 1, next, at, next.length - at);
            pages.remove(number);
            if (next.length == 0) {
                return;
            }
            PartitionSnapshot[] behind = number < pages.size() ? pages.get(number) : null;
            if (behind != null && next.length + behind.length <= PAGE / 2) {
                PartitionSnapshot[] both = Arrays.copyOf(next, next.length + behind.length);
                System.arraycopy(behind, 0, both, next.length, behind.length);
                pages.set(number, both);
            } else {
                pages.add(number, next);
            }
        }

        Parts finish() {
            return pages.isEmpty() ? EMPTY : new Parts(pages.toArray(PartitionSnapshot[][]::new));
        }
    }
}
