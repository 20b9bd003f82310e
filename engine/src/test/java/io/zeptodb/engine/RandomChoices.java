package io.zeptodb.engine;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The choices of a generator of texts, by seed. */
abstract class RandomChoices {
    final SplittableRandom random;

    RandomChoices(long seed) {
        random = new SplittableRandom(seed);
    }

    final <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    final String maybe(int oneIn, String text) {
        return random.nextInt(oneIn) == 0 ? text : "";
    }

    /** One to {@code most} items with commas between them. */
    final String list(int most, Supplier<String> item) {
        return IntStream.range(0, random.nextInt(1, most + 1))
                .mapToObj(i -> item.get())
                .collect(Collectors.joining(", "));
    }
}
