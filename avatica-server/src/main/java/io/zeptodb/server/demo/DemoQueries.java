package io.zeptodb.server.demo;

/** What the demo asks. */
public final class DemoQueries {
    public static final String VWAP_BY_SYMBOL = """
            SELECT symbol, count(*) AS trades, sum(quantity) AS quantity, vwap(price, quantity) AS vwap,
                   first(price) AS open, max(price) AS high, min(price) AS low, last(price) AS close
            FROM trades GROUP BY symbol ORDER BY symbol""";

    public static final String MINUTE_BARS = """
            SELECT symbol, xbar(ts, INTERVAL '1' MINUTE) AS bar, count(*) AS trades,
                   first(price) AS open, max(price) AS high, min(price) AS low, last(price) AS close,
                   sum(quantity) AS volume, vwap(price, quantity) AS vwap
            FROM trades GROUP BY symbol, xbar(ts, INTERVAL '1' MINUTE) ORDER BY symbol, bar""";

    public static final String EFFECTIVE_SPREAD = """
            SELECT t.symbol, count(*) AS matches, sum(t.price - q.bid) AS above_bid,
                   count(*) FILTER (WHERE t.price >= q.ask) AS at_ask,
                   avg(2 * abs(t.price - (q.bid + q.ask) / 2)) AS effective_spread
            FROM trades t ASOF JOIN quotes q ON t.symbol = q.symbol AND t.ts >= q.ts
            GROUP BY t.symbol ORDER BY t.symbol""";

    /** The symbol with the most trades, whose bars are drawn. */
    static final String BUSIEST_SYMBOL =
            "SELECT symbol FROM trades GROUP BY symbol ORDER BY count(*) DESC, symbol LIMIT 1";

    static final String BARS_OF_SYMBOL = """
            SELECT xbar(ts, ?) AS bar, first(price) AS open, max(price) AS high, min(price) AS low, last(price) AS close,
                   sum(quantity) AS volume
            FROM trades WHERE symbol = ? GROUP BY bar ORDER BY bar""";

    private DemoQueries() {}
}
