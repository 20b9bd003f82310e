package io.zeptodb.server.demo;

import java.time.Instant;
import java.util.SplittableRandom;

/**
 * A deterministic trading day: trades and quotes of a number of symbols, the same for the same numbers on every machine. Prices walk in
 * ticks of a cent with a spread that breathes; activity is high at the open and the close; some ticks share a time stamp, and there
 * is a halt at noon. One thread.
 */
final class TickGenerator {
    static final int SYMBOLS = 50;

    /** 2024-08-09 13:30 UTC: a New York session of six and a half hours. */
    private static final long OPEN = Instant.parse("2024-08-09T13:30:00Z").getEpochSecond() * 1_000_000_000L;

    private static final long SESSION_NANOS = 23_400L * 1_000_000_000L;
    private static final long HALT_FROM = SESSION_NANOS / 2;
    private static final long HALT_NANOS = 300L * 1_000_000_000L;
    private static final long SEED = 20240809;
    private static final double TICK = 0.01;
    private static final int ONE_IN_SHARES_ITS_TIME = 20;
    private static final double CROWDING = 0.35;
    /** Of the middle between bid and ask: how often it moves, how far at once, and where it stops falling, all in ticks. */
    private static final int ONE_IN_MOVES = 7;

    private static final int FARTHEST_STEP = 1;
    private static final int LEAST_MID_TICKS = 100;
    /** Ticks from the middle to either side, at most. */
    private static final int USUAL_HALF_SPREAD = 2;

    private static final int WIDE_HALF_SPREAD = 4;
    private static final int ONE_IN_IS_WIDE = 10;
    /** Quotes are for whole lots. */
    private static final double ROUND_LOT = 100;

    private static final int MOST_LOTS = 20;
    private static final int ONE_IN_IS_INSIDE = 5;
    private static final int LARGEST_TRADE = 300;
    private static final int LARGEST_BLOCK = 5_000;
    private static final int ONE_IN_IS_A_BLOCK = 20;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final long rows;
    private final int quotesPerTrade;
    private final long[] midTicks = new long[SYMBOLS];
    private final String[] names = new String[SYMBOLS];
    private final double[] weights = new double[SYMBOLS];
    private long row;
    private long time;
    private int symbol;
    private boolean trade;
    private double price;
    private double quantity;
    private double bid;
    private double ask;
    private double bidSize;
    private double askSize;

    /**
     * @param trades trades of the day
     * @param quotesPerTrade quotes for each trade
     */
    TickGenerator(long trades, int quotesPerTrade) {
        this.quotesPerTrade = quotesPerTrade;
        this.rows = trades * (quotesPerTrade + 1);
        double sum = 0;
        for (int i = 0; i < SYMBOLS; i++) {
            names[i] = name(i);
            midTicks[i] = 1_000L + random.nextInt(50_000);
            sum += 1.0 / (i + 2);
            weights[i] = sum;
        }
        for (int i = 0; i < SYMBOLS; i++) {
            weights[i] /= sum;
        }
    }

    private static String name(int i) {
        return "" + (char) ('A' + i % 26) + (char) ('A' + i * 7 % 26) + (char) ('A' + i * 11 % 26)
                + (i < 26 ? "" : "X");
    }

    /** Moves to the next tick; false at the end of the day. */
    boolean next() {
        if (row == rows) {
            return false;
        }
        if (row == 0 || !oneIn(ONE_IN_SHARES_ITS_TIME)) {
            time = Math.max(time, timeOf(row));
        }
        trade = row % (quotesPerTrade + 1) == quotesPerTrade;
        symbol = pickSymbol();
        row++;
        walk();
        return true;
    }

    /** Crowded at both ends of the day, with a gap for the halt. */
    private long timeOf(long index) {
        double even = (double) index / rows;
        double crowded = even + CROWDING / (2 * Math.PI) * Math.sin(2 * Math.PI * even) * -1;
        long nanos = (long) (crowded * (SESSION_NANOS - HALT_NANOS)) + random.nextInt(1000);
        return OPEN + (nanos < HALT_FROM ? nanos : nanos + HALT_NANOS);
    }

    private int pickSymbol() {
        double at = random.nextDouble();
        int i = 0;
        while (i < SYMBOLS - 1 && weights[i] < at) {
            i++;
        }
        return i;
    }

    private void walk() {
        int step = oneIn(ONE_IN_MOVES) ? random.nextInt(2 * FARTHEST_STEP + 1) - FARTHEST_STEP : 0;
        midTicks[symbol] = Math.max(LEAST_MID_TICKS, midTicks[symbol] + step);
        int half = 1 + random.nextInt(oneIn(ONE_IN_IS_WIDE) ? WIDE_HALF_SPREAD : USUAL_HALF_SPREAD);
        bid = cents(midTicks[symbol] - half);
        ask = cents(midTicks[symbol] + half);
        bidSize = ROUND_LOT * (1 + random.nextInt(MOST_LOTS));
        askSize = ROUND_LOT * (1 + random.nextInt(MOST_LOTS));
        boolean buyer = random.nextBoolean();
        boolean inside = oneIn(ONE_IN_IS_INSIDE);
        price = inside ? cents(midTicks[symbol]) : buyer ? ask : bid;
        quantity = 1 + random.nextInt(oneIn(ONE_IN_IS_A_BLOCK) ? LARGEST_BLOCK : LARGEST_TRADE);
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private static double cents(long ticks) {
        return Math.round(ticks * TICK * 100) / 100.0;
    }

    boolean isTrade() {
        return trade;
    }

    /** Number of the tick in the day, from 1. */
    long number() {
        return row;
    }

    String symbol() {
        return names[symbol];
    }

    /** Nanoseconds since 1970 UTC. */
    long time() {
        return time;
    }

    double price() {
        return price;
    }

    double quantity() {
        return quantity;
    }

    double bid() {
        return bid;
    }

    double ask() {
        return ask;
    }

    double bidSize() {
        return bidSize;
    }

    double askSize() {
        return askSize;
    }
}
