package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.sql.ast.OptionNode;
import io.zeptodb.engine.sql.ast.TierNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** How long a table keeps rows and where they go, as texts say it: {@code 30 DAYS}, {@code WARM 7 DAYS, COLD 30 DAYS}. */
final class RetentionText {
    /** Options of CREATE TABLE. */
    private static final String TTL = "ttl";

    private static final String STORAGE_POLICY = "storage_policy";

    /** The tiers of a policy, in the order in which rows go through them. */
    private static final List<String> TIERS = List.of("HOT", "WARM", "COLD", "DROP");

    /** A TTL is a length of time, not a date. */
    private static final long MONTH_DAYS = 30;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long YEAR_MONTHS = 12;
    private static final long YEAR_DAYS = 365;

    private RetentionText() {}

    /** What WITH (…) of CREATE TABLE says. */
    static Retention ofOptions(List<OptionNode> options) {
        Retention retention = Retention.NONE;
        for (Map.Entry<String, String> option : Definitions.options(options).entrySet()) {
            SqlParserPos position = options.stream()
                    .filter(node -> node.name().equals(option.getKey()))
                    .findFirst()
                    .orElseThrow()
                    .position();
            String text = option.getValue();
            switch (option.getKey()) {
                case TTL -> retention = retention.withTtl(isNone(text) ? 0 : nanos(text, position));
                case STORAGE_POLICY ->
                    retention = retention.withStoragePolicy(isNone(text) ? "" : policy(steps(text, position)));
                default ->
                    throw TableNames.at(
                            ErrorCode.INVALID_OPTION,
                            "unknown option '" + option.getKey() + "' of CREATE TABLE; there are " + TTL + " and "
                                    + STORAGE_POLICY,
                            position);
            }
        }
        return retention;
    }

    private static boolean isNone(String text) {
        return text.equalsIgnoreCase("NONE");
    }

    /** Nanoseconds of an age; a month is 30 days, a year 365. @throws EngineException with the position */
    static long nanos(String age, SqlParserPos position) {
        long nanos;
        try {
            IntervalText.Parts parts = IntervalText.parse(age);
            long days = parts.months() / YEAR_MONTHS * YEAR_DAYS + parts.months() % YEAR_MONTHS * MONTH_DAYS;
            nanos = Math.addExact(Math.multiplyExact(days, CivilDate.DAY_NANOS), parts.nanos());
        } catch (EngineException e) {
            throw TableNames.at(
                    e.code(),
                    "'" + age + "' is no length of time; write a number and SECONDS, MINUTES, HOURS, DAYS, WEEKS,"
                            + " MONTHS (of 30 days) or YEARS (of 365)",
                    position);
        } catch (ArithmeticException e) {
            throw TableNames.at(
                    ErrorCode.DATETIME_OUT_OF_RANGE, "'" + age + "' is longer than the 292 years there are", position);
        }
        if (nanos <= 0 || nanos % SECOND_NANOS != 0) {
            throw TableNames.at(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + age + "' is not a whole number of seconds above 0" + (nanos == 0 ? "; NONE is no end" : ""),
                    position);
        }
        return nanos;
    }

    /** A policy as it is kept and shown. @throws EngineException when a tier is unknown, twice, or out of order */
    static String policy(List<TierNode> steps) {
        List<String> texts = new ArrayList<>();
        int lastTier = -1;
        long lastAge = 0;
        for (TierNode step : steps) {
            SqlIdentifier name = step.tier();
            int tier = TIERS.indexOf(name.getSimple().toUpperCase(Locale.ROOT));
            if (tier <= lastTier) {
                throw TableNames.at(
                        ErrorCode.INVALID_ARGUMENT,
                        "a storage policy names each of " + String.join(", ", TIERS)
                                + " at most once, in this order, got '" + name.getSimple() + "'",
                        name.getParserPosition());
            }
            long age = nanos(step.age(), name.getParserPosition());
            if (age <= lastAge) {
                throw TableNames.at(
                        ErrorCode.INVALID_ARGUMENT,
                        "the ages of a storage policy grow from tier to tier, got " + step.age() + " of "
                                + name.getSimple() + " after " + Retention.ageText(lastAge),
                        name.getParserPosition());
            }
            texts.add(TIERS.get(tier) + " " + Retention.ageText(age));
            lastTier = tier;
            lastAge = age;
        }
        return String.join(", ", texts);
    }

    /** The steps of a policy that is written as the text of an option. */
    private static List<TierNode> steps(String text, SqlParserPos position) {
        List<TierNode> steps = new ArrayList<>();
        for (String step : text.split(",", -1)) {
            String[] words = step.strip().split("\\s+", 2);
            steps.add(new TierNode(new SqlIdentifier(words[0], position), words.length > 1 ? words[1] : ""));
        }
        return steps;
    }
}
