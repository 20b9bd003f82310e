package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import io.zeptodb.engine.sql.schema.CatalogReader;
import io.zeptodb.engine.sql.type.Types;
import io.zeptodb.engine.sql.type.ZeptoTypeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.runtime.PairList;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.jspecify.annotations.Nullable;

/** One statement's way through Calcite: validate, then convert to a relational tree. Used once, by one thread. */
final class Translation {
    private static final int IN_LISTS_STAY_LISTS = Integer.MAX_VALUE;

    private static final Pattern GENERATED_NAME = Pattern.compile("EXPR\\$(\\d{1,6})");

    private final RelDataTypeFactory typeFactory = new ZeptoTypeFactory();
    private final CatalogReader catalog;
    private final ZeptoOperatorTable operators;
    private final StatementValidator validator;
    private final ViewExpansion views;
    private final PlanningStop stop;

    Translation(CalciteSchema schemas, ZeptoOperatorTable operators, ViewExpansion views) {
        this.views = views;
        this.stop = views.stop();
        this.operators = operators;
        catalog = new CatalogReader(schemas, typeFactory);
        validator = new StatementValidator(
                operators,
                catalog,
                typeFactory,
                SqlValidator.Config.DEFAULT
                        .withConformance(SqlRules.INSTANCE)
                        .withDefaultNullCollation(NullCollation.HIGH)
                        .withIdentifierExpansion(true)
                        .withCallRewrite(false)
                        .withTypeCoercionEnabled(true)
                        .withTypeCoercionFactory(ImplicitCasts::new),
                stop);
    }

    /** A SELECT, VALUES, WITH or set operation. */
    ValidatedStatement.Query query(SqlNode node) {
        return validated(validator.validate(node));
    }

    /** The query validated, and its columns' names known, for {@link #validated}. */
    SqlNode validate(SqlNode query) {
        return validator.validate(query);
    }

    /** A query inside of another one's tree. */
    RelRoot relation(SqlNode query, RelOptCluster cluster) {
        return converted(validator.validate(query), converter(cluster));
    }

    /** What a query reads; views stand for themselves in the schemas. */
    List<ViewMetadata.Dependency> dependencies(SqlNode query) {
        SqlToRelConverter converter = converter(cluster(new CheckedCasts(typeFactory, stop)));
        RelRoot root = converted(validator.validate(query), converter);
        return ViewDependencies.of(converter.trimUnusedFields(true, root.project()));
    }

    /** As {@link #query}, of what {@link #validate} gave. */
    ValidatedStatement.Query validated(SqlNode validated) {
        List<ValidatedStatement.@Nullable Origin> origins = new ArrayList<>();
        for (@Nullable List<String> origin : validator.getFieldOrigins(validated)) {
            origins.add(origin == null ? null : origin(origin));
        }
        return new ValidatedStatement.Query(labelled(convert(validated), validated), origins, parameters(validated));
    }

    /** Columns of VALUES are called column1, column2 and so on; those of a star as they are called in their tables, two of one name too. */
    private static RelRoot labelled(RelRoot root, SqlNode query) {
        List<@Nullable String> columns = SelectLabels.ofStars(query);
        PairList<Integer, String> fields = PairList.of();
        for (int i = 0; i < root.fields.size(); i++) {
            Map.Entry<Integer, String> field = root.fields.get(i);
            Matcher generated = GENERATED_NAME.matcher(field.getValue());
            String column = i < columns.size() ? columns.get(i) : null;
            String label =
                    generated.matches() ? "column" + (Integer.parseInt(generated.group(1)) + 1) : field.getValue();
            fields.add(field.getKey(), column == null ? label : column);
        }
        return new RelRoot(root.rel, root.validatedRowType, root.kind, fields.immutable(), root.collation, root.hints);
    }

    /** Catalog, schema, table and column as Calcite lists them; only tables of the user's have a place in a result's metadata. */
    private static ValidatedStatement.@Nullable Origin origin(List<String> names) {
        int size = names.size();
        boolean known = size >= 3 && names.get(size - 3).equals(CatalogReader.MAIN);
        return known ? new ValidatedStatement.Origin(names.get(size - 2), names.get(size - 1)) : null;
    }

    /** INSERT INTO table [(columns)] query. */
    ValidatedStatement.Insert insert(SqlInsert node, TableMetadata target) {
        SqlNodeList columns = node.getTargetColumnList();
        List<Integer> ordinals = TableNames.ordinals(target, columns);
        boolean singleRow = isRowOfConstants(node.getSource());
        SqlNode validated = validator.validate(node);
        RelRoot root = convert(validated);
        RelNode source = ((TableModify) root.rel).getInput();
        if (columns != null) {
            source = RelOptUtil.createProject(source, ordinals);
        }
        return new ValidatedStatement.Insert(
                target, ordinals, RelRoot.of(source, SqlKind.SELECT), singleRow, parameters(validated));
    }

    /**
     * UPDATE.
     *
     * @param node as {@link RowChanges#update} makes it
     */
    ValidatedStatement.Update update(SqlInsert node, TableMetadata target, List<Integer> assigned) {
        if (validator.isAggregate((SqlSelect) node.getSource())) {
            throw TableNames.at(
                    ErrorCode.GROUPING_ERROR,
                    "an aggregate cannot stand in SET of UPDATE: write it in a subquery",
                    node.getParserPosition());
        }
        SqlNode validated = validator.validate(node);
        RelNode source = ((TableModify) convert(validated).rel).getInput();
        return new ValidatedStatement.Update(
                target, assigned, RelRoot.of(source, SqlKind.SELECT), parameters(validated));
    }

    /**
     * DELETE.
     *
     * @param node as {@link RowChanges#delete} makes it
     */
    ValidatedStatement.Delete delete(SqlSelect node, TableMetadata target) {
        SqlNode validated = validator.validate(node);
        return new ValidatedStatement.Delete(target, convert(validated), parameters(validated));
    }

    /**
     * MERGE.
     *
     * @param node as {@link Merging} makes it
     */
    ValidatedStatement.Merge merge(SqlSelect node, TableMetadata target) {
        SqlNode validated = validator.validate(node);
        return new ValidatedStatement.Merge(target, convert(validated), parameters(validated));
    }

    /** Whether a source is VALUES with one row of literals and question marks. */
    private static boolean isRowOfConstants(SqlNode source) {
        if (source.getKind() != SqlKind.VALUES || ((SqlCall) source).operandCount() != 1) {
            return false;
        }
        SqlCall row = ((SqlCall) source).operand(0);
        return row.getOperandList().stream().allMatch(Translation::isConstant);
    }

    private static boolean isConstant(SqlNode value) {
        boolean cast = value.getKind() == SqlKind.CAST || value.getKind() == SqlKind.MINUS_PREFIX;
        return value instanceof SqlLiteral
                || value instanceof SqlDynamicParam
                || (cast && isConstant(((SqlCall) value).operand(0)));
    }

    private RelRoot convert(SqlNode validated) {
        CheckedCasts expressions = new CheckedCasts(typeFactory, stop);
        RelRoot root = converted(validated, converter(cluster(expressions)));
        RelNode tree = SubqueryOrders.removeUnseen(root.rel);
        if (expressions.hasLatest()) {
            tree = tree.accept(new LatestRows(() -> operators.aggregate("last")));
        }
        if (expressions.hasGaps()) {
            tree = tree.accept(new GapFilling(() -> operators.function("time_bucket")));
        }
        if (expressions.hasVolatiles()) {
            tree = VolatileColumns.keep(tree);
        }
        return tree == root.rel ? root : root.withRel(tree);
    }

    private RelRoot converted(SqlNode validated, SqlToRelConverter converter) {
        RelRoot root = converter.convertQuery(validated, false, true);
        return validator.hasMixedValues() ? root.withRel(root.rel.accept(new ValueTypes())) : root;
    }

    private RelOptCluster cluster(CheckedCasts expressions) {
        HepPlanner planner = new HepPlanner(HepProgram.builder().build(), Contexts.of(stop));
        // Calcite's own evaluation compiles Java and stops at milliseconds: constants are folded later, by our kernels
        planner.setExecutor((builder, constants, reduced) -> reduced.addAll(constants));
        RelOptCluster cluster = RelOptCluster.create(planner, expressions);
        cluster.setMetadataQuerySupplier(PlanMetadata::newQuery);
        return cluster;
    }

    private SqlToRelConverter converter(RelOptCluster cluster) {
        return new SqlToRelConverter(
                (rowType, text, path, viewPath) -> views.expand(viewPath.get(0), cluster),
                validator,
                catalog,
                cluster,
                new DirectConvertlets(),
                SqlToRelConverter.config()
                        .withExpand(false)
                        .withTrimUnusedFields(true)
                        .withRemoveSortInSubQuery(false)
                        // projections stay apart: merged under a correlated subquery, Calcite's builder computes the
                        // lower one twice
                        .withRelBuilderConfigTransform(
                                builder -> builder.withSimplify(false).withBloat(-1))
                        .withInSubQueryThreshold(IN_LISTS_STAY_LISTS));
    }

    /**
     * Calcite finds question marks in the order of the tree, which is not that of the text: for UPDATE it is that of the table's columns, for
     * an as-of join the times come behind the keys, for a window join what is selected is in FROM.
     */
    private List<ColumnType> parameters(SqlNode validated) {
        Map<Integer, ColumnType> types = new TreeMap<>();
        validated.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlDynamicParam parameter) {
                types.putIfAbsent(parameter.getIndex(), Types.toEngine(validator.typeOf(parameter)));
                return null;
            }
        });
        return List.copyOf(types.values());
    }
}
