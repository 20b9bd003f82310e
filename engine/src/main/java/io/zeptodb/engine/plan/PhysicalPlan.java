package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A relation to be computed: exec has one operator for each of these records. Immutable plain data. */
public sealed interface PhysicalPlan {
    List<PlanColumn> columns();

    List<PhysicalPlan> inputs();

    /** Whether all its rows come from the engine's knowledge of itself and from the statement's text. */
    default boolean readsNoTable() {
        List<PhysicalPlan> inputs = inputs();
        return inputs.isEmpty()
                ? this instanceof SystemScan || this instanceof Values
                : inputs.stream().allMatch(PhysicalPlan::readsNoTable);
    }

    /**
     * Rows of a table. Pruning ({@code keys}, {@code timeBounds}) is exact and not repeated in {@code filters}.
     *
     * @param table the table
     * @param ordinals the table's column for each output column; {@code SegmentSnapshot.SEQUENCE} (-1) for the hidden sequence
     * @param keys only rows whose partition key is one of these values (VARCHAR or BIGINT literals, parameters or expressions without columns,
     *     computed when the scan is opened; NULL matches nothing, one value may come twice); null for every key
     * @param timeBounds all of them hold for the designated timestamp
     * @param filters conjuncts over the output columns
     */
    record TableScan(
            TableMetadata table,
            List<Integer> ordinals,
            @Nullable List<Expression> keys,
            List<TimeBound> timeBounds,
            List<Expression> filters,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /** Rows that the engine knows of itself (zepto_segments() and the like), by name; the engine supplies them at run time. */
    record SystemScan(String name, List<PlanColumn> columns) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /** Constant rows; each expression has no column in it. */
    record Values(List<List<Expression>> rows, List<PlanColumn> columns) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /** Rows for which the condition is true. */
    record Filter(PhysicalPlan input, Expression condition) implements PhysicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** Computed columns. */
    record Project(PhysicalPlan input, List<Expression> expressions, List<PlanColumn> columns) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** OFFSET and LIMIT: BIGINT literals or parameters, null when absent. */
    record Limit(
            PhysicalPlan input,
            @Nullable Expression offset,
            @Nullable Expression limit) implements PhysicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** All rows in order; equal keys keep the input's order. */
    record Sort(PhysicalPlan input, List<SortKey> keys) implements PhysicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** ORDER BY with LIMIT: a heap of limit + offset rows. */
    record TopN(
            PhysicalPlan input,
            List<SortKey> keys,
            @Nullable Expression offset,
            Expression limit) implements PhysicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /**
     * Aggregation through a hash table. Output: the group expressions, then the aggregates. Without group expressions one row comes
     * out even of no rows. No row has a duplicate group.
     */
    record HashAggregate(
            PhysicalPlan input, List<Expression> groups, List<AggregateCall> aggregates, List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /**
     * Aggregation run by run, without a hash table for the key: groups are the partition key and, when {@code bucketWidth} is not null,
     * the start of the time bucket of the designated timestamp. Output: the groups in the order of {@code groupOrder}, then the aggregates.
     * Arguments and filters are over the scan's output.
     *
     * @param scan the table's scan; its key column and time column are in its output when they are groups
     * @param groupByKey whether the key is a group
     * @param bucketWidth nanoseconds (INTERVAL_DAY or BIGINT literal or parameter), or null for no bucket
     * @param bucketOrigin nanoseconds at which a bucket begins
     * @param bucketFirst whether the bucket column stands before the key column in the output
     * @param groups the groups as expressions over the scan's output, in the order of the columns; for who has to group by hash
     */
    record RunAggregate(
            TableScan scan,
            boolean groupByKey,
            @Nullable Expression bucketWidth,
            long bucketOrigin,
            boolean bucketFirst,
            List<Expression> groups,
            List<AggregateCall> aggregates,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(scan);
        }
    }

    /**
     * The last values of each partition key, read backwards from the newest segments instead of all rows.
     *
     * @param aggregate by the key and without buckets; each aggregate is last(x, designated timestamp, sequence) without a filter
     */
    record RunLatest(RunAggregate aggregate) implements PhysicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return aggregate.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return aggregate.inputs();
        }
    }

    /**
     * An aggregation answered from a materialized view; its output is that of {@code table}.
     *
     * @param kept what is kept of the view
     * @param groups over the view's groups
     * @param filter over the view's groups: which of them count; null for all
     * @param edges bounds of time that the filter says of buckets: where one cuts a bucket, the table is read
     * @param calls the aggregates, behind the groups in the output
     * @param rollUp whether several groups of the view become one
     * @param table the same aggregation of the table's rows
     */
    record ViewAggregate(
            KeptAggregation kept,
            List<Expression> groups,
            @Nullable Expression filter,
            List<Edge> edges,
            List<Call> calls,
            boolean rollUp,
            PhysicalPlan table)
            implements PhysicalPlan {
        /**
         * A bound of the designated timestamp.
         *
         * @param width of the view's buckets, nanoseconds
         * @param origin at which one of them begins
         */
        public record Edge(TimeBound bound, long width, long origin) {}

        /**
         * An aggregate.
         *
         * @param call over the table's columns, by their ordinals
         * @param kept the aggregate of the view that has its states
         */
        public record Call(AggregateCall call, int kept) {}

        @Override
        public List<PlanColumn> columns() {
            return table.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /** What a column of a {@link GapFill} holds in rows that are added; LINEAR ones are DOUBLE. */
    enum Filling {
        GROUP,
        NOTHING,
        PREVIOUS,
        LINEAR
    }

    /**
     * Buckets of time as time_bucket takes them; all without columns.
     *
     * @param width INTERVAL_DAY, INTERVAL_MONTH or BIGINT nanoseconds
     * @param origin a TIMESTAMP, or null
     * @param zone a VARCHAR, or null
     */
    record BucketWidth(
            Expression width,
            @Nullable Expression origin,
            @Nullable Expression zone) {}

    /**
     * Adds rows for the buckets that a group has none of. Columns: the input's, then a BOOLEAN, whether the row was added. Rows come by bucket, then
     * by group.
     *
     * @param input its groups but the bucket in ascending order, the rows of each by the bucket, which is never NULL
     * @param bucket column of the bucket's start, a TIMESTAMP
     * @param fills for each column of the input; GROUP for the bucket too
     * @param bounds of the times to fill, without EQUAL; on a side without one the rows say how far it goes
     */
    record GapFill(
            PhysicalPlan input,
            int bucket,
            List<Filling> fills,
            BucketWidth grid,
            List<TimeBound> bounds,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** What a snapshot knows of a whole table without reading a column. MIN_TIME and MAX_TIME are NULL without a timestamp that is not NULL. */
    enum Statistic {
        ROW_COUNT,
        MIN_TIME,
        MAX_TIME
    }

    /** One row of statistics of a whole table: COUNT(*), MIN and MAX of the designated timestamp. */
    record StatisticsAggregate(TableMetadata table, List<Statistic> statistics, List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /**
     * What a join keeps. SEMI and ANTI have the left columns only: rows with a match, rows without one. MARK keeps every left row and adds
     * one BOOLEAN column behind the left columns, never NULL: whether the row has a match. RIGHT_SEMI and RIGHT_ANTI are SEMI and ANTI with the
     * sides exchanged, for a hash join whose smaller side is the one that comes out: they have the right columns only.
     */
    enum JoinType {
        INNER,
        LEFT,
        RIGHT,
        FULL,
        SEMI,
        ANTI,
        MARK,
        RIGHT_SEMI,
        RIGHT_ANTI
    }

    /**
     * Join by equal keys; NULL keys match nothing, unless {@code nullSafe} says so for that key. The right side is built into the table.
     * Columns: left, then right.
     *
     * @param leftKeys over the left columns
     * @param rightKeys over the right columns, of the same types
     * @param nullSafe for each key, whether NULL matches NULL (IS NOT DISTINCT FROM)
     * @param residual a further condition over left then right columns, or null; it is part of the join, not a filter behind it
     */
    record HashJoin(
            PhysicalPlan left,
            PhysicalPlan right,
            JoinType type,
            List<Expression> leftKeys,
            List<Expression> rightKeys,
            List<Boolean> nullSafe,
            @Nullable Expression residual,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /** Join by any condition, or none (cross join). */
    record NestedLoopJoin(
            PhysicalPlan left,
            PhysicalPlan right,
            JoinType type,
            @Nullable Expression condition,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * For each left row at most one right row of equal keys: the nearest by time that satisfies {@code leftTime operator rightTime}; among
     * equal times the last by ingest order. A NULL key or time never matches. The left order is kept. Columns: left, then right.
     *
     * @param keepUnmatched LEFT ASOF: rows without a match stay, with NULLs
     * @param leftKeys over the left columns; empty when there is only the time
     * @param rightKeys over the right columns, of the same types (SYMBOL may meet SYMBOL of another dictionary, or VARCHAR)
     * @param leftTime over the left columns; TIMESTAMP, DATE, TIME, a number
     * @param operator GREATER_OR_EQUAL, GREATER, LESS_OR_EQUAL or LESS; null for the nearest either way, an equal distance going to the earlier
     * @param rightTime over the right columns, of the same type
     * @param tolerance how far apart the two times may be at most: BIGINT or INTERVAL_DAY without columns, in the unit of the times, which are
     *     TIMESTAMP, TIME or whole numbers then; null for any distance
     * @param rightSequence column of the right input that breaks ties of equal times (greatest wins), or -1: the last in input order wins
     */
    record AsofJoin(
            PhysicalPlan left,
            PhysicalPlan right,
            boolean keepUnmatched,
            List<Expression> leftKeys,
            List<Expression> rightKeys,
            Expression leftTime,
            Expression.@Nullable Comparator operator,
            Expression rightTime,
            @Nullable Expression tolerance,
            int rightSequence,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * Each left row with aggregates of the right rows of its keys whose time lies in its window. A NULL key, time or bound has no rows. The left order
     * is kept. Columns: left, then one for each aggregate.
     *
     * @param leftKeys over the left columns; empty when there is only the window
     * @param rightKeys over the right columns, of the same types (SYMBOL may meet SYMBOL of another dictionary, or VARCHAR)
     * @param window where the right rows of a left row are
     * @param aggregates over the right columns; they take rows in the order of time and sequence
     */
    record WindowJoin(
            PhysicalPlan left,
            PhysicalPlan right,
            List<Expression> leftKeys,
            List<Expression> rightKeys,
            Window window,
            List<AggregateCall> aggregates,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        /**
         * @param rightTime over the right columns; TIMESTAMP, DATE, TIME, a number
         * @param start over the left columns, of the same type
         * @param startIncluded whether a right time that equals the start is in the window
         * @param end over the left columns, of the same type
         * @param endIncluded whether a right time that equals the end is in the window
         * @param prevailing whether the last right row up to the start belongs to the window too
         * @param rightSequence column of the right input that orders equal times, or -1: the input's order does
         */
        public record Window(
                Expression rightTime,
                Expression start,
                boolean startIncluded,
                Expression end,
                boolean endIncluded,
                boolean prevailing,
                int rightSequence) {}

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * For each left row the rows of the right plan, whose parameters {@code bindings} are set from that row: what is left of correlated
     * subqueries that could not be turned into joins. Type INNER, LEFT, SEMI, ANTI or MARK. Columns: left, then right.
     */
    record Apply(PhysicalPlan left, PhysicalPlan right, JoinType type, List<Binding> bindings, List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * A variable of an {@link Apply}.
     *
     * @param parameter index of the {@link Expression.Parameter}, behind those of the statement
     * @param column of the left input
     */
    record Binding(int parameter, int column) {}

    /** Fails with CARDINALITY_VIOLATION when the input has more than one row; gives one row of NULLs when it has none. */
    record SingleRow(PhysicalPlan input) implements PhysicalPlan {
        @Override
        public List<PlanColumn> columns() {
            return input.columns();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /**
     * Window functions over one partitioning and order. Columns: the input's, then the calls'. The rows of a partition come out in the order of the
     * order keys; where partitions stand between each other is left open.
     *
     * @param partitionBy columns of the input
     * @param orderBy columns of the input; rows that are equal in them are peers
     * @param ties columns of the input that put peers in order; equal rows keep the input's order
     */
    record Window(
            PhysicalPlan input,
            List<Integer> partitionBy,
            List<SortKey> orderBy,
            List<SortKey> ties,
            List<WindowCall> calls,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        /** The order keys, then those that put peers in order. */
        public List<SortKey> sortKeys() {
            List<SortKey> keys = new ArrayList<>(orderBy);
            keys.addAll(ties);
            return keys;
        }
    }

    /**
     * A row for each element of the arrays, the first of all of them, then the second and so on; shorter arrays go on with NULLs. Columns: the input's, then
     * for each array its elements, or the fields of an element that is a ROW, then the number of the element from 1.
     *
     * @param arrays over the input's columns, of ARRAY types
     * @param takesFields whether elements that are ROWs come out as their fields
     * @param ordinality whether there is that number, a BIGINT
     * @param keepEmpty whether a row whose arrays have no element, or are NULL, stays, with NULLs
     */
    record Unnest(
            PhysicalPlan input,
            List<Expression> arrays,
            boolean takesFields,
            boolean ordinality,
            boolean keepEmpty,
            List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }
    }

    /** All rows of all inputs, the first input's first; types are the same. */
    record UnionAll(List<PhysicalPlan> inputs, List<PlanColumn> columns) implements PhysicalPlan {}

    /** INTERSECT or EXCEPT, with ALL (bag) or without; NULLs are equal here. */
    record SetOperation(boolean except, boolean all, PhysicalPlan left, PhysicalPlan right, List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }
    }

    /**
     * WITH RECURSIVE: the seed's rows, then those of the step over them, and so on until a round has no row. Without ALL a row that came
     * before, NULLs equal, is not a row.
     *
     * @param number what the {@link WorkingTable} below the step calls it
     */
    record Recursion(int number, PhysicalPlan seed, PhysicalPlan step, boolean all, List<PlanColumn> columns)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(seed, step);
        }
    }

    /** Inside the step of a {@link Recursion}: the rows of the round before. */
    record WorkingTable(int recursion, List<PlanColumn> columns) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }
    }

    /** The types of the output columns. */
    default List<ColumnType> types() {
        return columns().stream().map(PlanColumn::type).toList();
    }
}
