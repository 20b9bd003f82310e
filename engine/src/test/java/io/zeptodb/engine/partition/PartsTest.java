package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static PartitionSnapshot part(long start) {
        return new PartitionSnapshot(start, start + 1, List.of());
    }

    private static void check(Parts parts, TreeMap<Long, PartitionSnapshot> model) {
        assertThat(parts).hasSize(model.size());
        Iterator<PartitionSnapshot> found = parts.iterator();
        for (PartitionSnapshot each : model.values()) {
            assertThat(found.next()).isSameAs(each);
        }
        assertThat(found.hasNext()).isFalse();
        assertThatThrownBy(found::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void randomChangesGiveWhatASortedMapGivesAndOldListsStay() {
        for (long seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            int starts = new int[] {10, 100, 2000}[random.nextInt(3)];
            List<Parts> lists = new ArrayList<>(List.of(Parts.EMPTY));
            List<TreeMap<Long, PartitionSnapshot>> models = new ArrayList<>(List.of(new TreeMap<>()));
            for (int step = 0; step < 60; step++) {
                TreeMap<Long, PartitionSnapshot> model = new TreeMap<>(models.get(models.size() - 1));
                Parts.Editor next = lists.get(lists.size() - 1).edit();
                boolean removing = random.nextInt(3) == 0;
                for (int i = random.nextInt(random.nextInt(4) == 0 ? 300 : 4); i >= 0; i--) {
                    long start = random.nextInt(20) == 0 ? Long.MAX_VALUE : random.nextLong(starts) - starts / 2;
                    if (removing) {
                        next.remove(start);
                        model.remove(start);
                    } else {
                        PartitionSnapshot part = part(start);
                        next.put(part);
                        model.put(start, part);
                    }
                }
                Parts list = next.finish();
                for (int i = 0; i < 20; i++) {
                    long start = random.nextLong(starts) - starts / 2;
                    assertThat(list.find(start)).isSameAs(model.get(start));
                }
                if (!model.isEmpty()) {
                    int index = random.nextInt(model.size());
                    assertThat(list.get(index)).isSameAs(new ArrayList<>(model.values()).get(index));
                }
                lists.add(list);
                models.add(model);
            }
            for (int i = 0; i < lists.size(); i++) {
                check(lists.get(i), models.get(i));
            }
        }
    }

    @Test
    void slicesThatComeInOrderAndGoInOrderLeaveFullPages() {
        Parts parts = Parts.EMPTY;
        for (int i = 0; i < 1000; i++) {
            Parts.Editor next = parts.edit();
            next.put(part(i));
            parts = next.finish();
        }
        assertThat(parts.pageCount()).isEqualTo(16);
        for (int i = 0; i < 990; i++) {
            Parts.Editor next = parts.edit();
            next.remove(i);
            parts = next.finish();
        }
        assertThat(parts).hasSize(10);
        assertThat(parts.pageCount()).isEqualTo(1);
    }

    @Test
    void thereIsNothingOutsideOfTheList() {
        assertThat(Parts.EMPTY.find(0)).isNull();
        assertThatThrownBy(() -> Parts.EMPTY.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        Parts.Editor next = Parts.EMPTY.edit();
        next.remove(3);
        assertThat(next.finish()).isEmpty();
    }
}
