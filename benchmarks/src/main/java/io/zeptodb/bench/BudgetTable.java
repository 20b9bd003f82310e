package io.zeptodb.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks and prints them as a table beside the budgets of the design. What {@code benchmarks/run} calls. */
public final class BudgetTable {
    /**
     * A budget.
     *
     * @param what is measured
     * @param value in the benchmark's unit
     * @param unit of the value
     * @param more whether more is better
     */
    private record Budget(String what, double value, String unit, boolean more) {}

    private static final Map<String, Budget> BUDGETS = new LinkedHashMap<>();

    static {
        least("countByApi", "COUNT of a table, API", 0.1);
        least("countOfKeyByApi", "COUNT of a key, API", 0.1);
        least("columnViewByApi", "view of a column of 100K rows, API", 0.2);
        least("vwapOf100K", "VWAP of 100K rows of one key", 40);
        least("filterAndSum100K", "filter and sum of 100K rows", 40);
        least("groupByKey1M", "GROUP BY key, 4 aggregates, 1M rows, 1,000 keys", 3_000);
        least("fiveMinuteBars1M", "5-minute bars of 1M rows", 5_000);
        least("asofJoin1M", "as-of join, 1M to 1M, 100 keys", 40_000);
        least("movingSum1M", "moving sum over 1M rows", 4_000);
        least("movingSumOfDoubles1M", "moving sum of doubles over 1M rows", 4_000);
        least("ema1M", "EMA over 1M rows", 4_000);
        least("movingMin1M", "moving minimum over 1M rows", Double.NaN);
        least("equalityOfKey1M", "equality of the key, 1M rows", 10);
        least("planForTheFirstTime", "plan a query for the first time", 1_000);
        least("planFromTheCache", "plan from the cache", 5);
        least("scan10KeysSealed", "sums of 1M rows, 10 keys over 24 hours, sealed, by hour", Double.NaN);
        least("scan1000KeysSealed", "sums of 1M rows, 1,000 keys over 24 hours, sealed, by hour", Double.NaN);
        least("group10KeysSealed", "sums by key of 1M rows, 10 keys over 24 hours, sealed, by hour", Double.NaN);
        least("group1000KeysSealed", "sums by key of 1M rows, 1,000 keys over 24 hours, sealed, by hour", Double.NaN);
        least("scan10KeysHot", "sums of 1M rows, 10 keys over 24 hours, hot, one partition", Double.NaN);
        least("scan1000KeysHot", "sums of 1M rows, 1,000 keys over 24 hours, hot, one partition", Double.NaN);
        least("group10KeysHot", "sums by key of 1M rows, 10 keys over 24 hours, hot, one partition", Double.NaN);
        least("group1000KeysHot", "sums by key of 1M rows, 1,000 keys over 24 hours, hot, one partition", Double.NaN);
        most("rowByRow", "ingest row by row, one thread", 10e6);
        most("columnBatches", "ingest column batches", 50e6);
    }

    private BudgetTable() {}

    private static void least(String benchmark, String what, double micros) {
        BUDGETS.put(benchmark, new Budget(what, micros, "us", false));
    }

    private static void most(String benchmark, String what, double perSecond) {
        BUDGETS.put(benchmark, new Budget(what, perSecond, "rows/s", true));
    }

    /** @param arguments regular expressions of benchmark names; none runs all */
    public static void main(String[] arguments) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.addProfiler(GCProfiler.class);
        for (String include : arguments.length == 0 ? new String[] {"Benchmark"} : arguments) {
            options.include(include);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        System.out.printf(
                Locale.ROOT,
                "%nJava %s, %s, %d processors%n%n",
                Runtime.version(),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
        System.out.println("| what | measured | budget | measured / budget | bytes allocated on the heap |");
        System.out.println("|---|---|---|---|---|");
        for (RunResult result : results) {
            print(result);
        }
    }

    private static void print(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        Budget budget = BUDGETS.get(benchmark.substring(benchmark.lastIndexOf('.') + 1));
        if (budget == null) {
            return;
        }
        double measured = result.getPrimaryResult().getScore();
        double ratio = budget.more ? budget.value / measured : measured / budget.value;
        var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        System.out.printf(
                Locale.ROOT,
                "| %s | %s %s | %s | %s | %s |%n",
                budget.what,
                number(measured),
                budget.unit,
                Double.isNaN(budget.value) ? "-" : number(budget.value),
                Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio),
                allocated == null ? "-" : String.format(Locale.ROOT, "%,.0f", allocated.getScore()));
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
