package io.zeptodb.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableMapTest {
    private static final long[] BASES = {0, 30, 1000, 33_000, 1L << 40, Workspace.FIRST_OWN_TABLE};

    @Test
    void randomChangesGiveWhatAMapGivesAndOldMapsStay() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            List<TableMap<String>> maps = new ArrayList<>(List.of(TableMap.empty()));
            List<Map<Long, String>> models = new ArrayList<>(List.of(Map.of()));
            for (int step = 0; step < 300; step++) {
                Map<Long, String> model = new HashMap<>(models.get(models.size() - 1));
                TableMap<String> map = maps.get(maps.size() - 1);
                long id = BASES[random.nextInt(BASES.length)] + random.nextInt(80);
                if (random.nextInt(3) == 0 && !model.isEmpty()) {
                    id = random.nextBoolean() ? id : model.keySet().iterator().next();
                    map = map.without(id);
                    model.remove(id);
                } else {
                    map = map.with(id, "step " + step);
                    model.put(id, "step " + step);
                }
                maps.add(map);
                models.add(model);
            }
            for (int i = 0; i < maps.size(); i++) {
                for (long base : BASES) {
                    for (long id = base; id < base + 80; id++) {
                        assertThat(maps.get(i).get(id)).isEqualTo(models.get(i).get(id));
                    }
                }
            }
        }
    }

    @Test
    void whatIsEmptyAgainHasNothing() {
        TableMap<String> map = TableMap.<String>empty().with(5000, "a").without(5000);
        assertThat(map.get(5000)).isNull();
        assertThat(map.without(1L << 50).get(0)).isNull();
        assertThat(map.with(1, "b").get(1)).isEqualTo("b");
    }
}
