package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;

/** Between the engine's description of a statement and Avatica's. */
public final class Signatures {
    private Signatures() {}

    /** A prepared statement: its columns, if it gives rows, and its parameters. */
    public static Meta.Signature of(PreparedQuery query, WireFormat format) {
        Meta.StatementType type = switch (query.kind()) {
            case QUERY -> Meta.StatementType.SELECT;
            case UPDATE -> Meta.StatementType.OTHER_DML;
            case DEFINITION, TRANSACTION -> Meta.StatementType.OTHER_DDL;
        };
        return create(query.columns(), query.sql(), query.parameters(), format, type);
    }

    /** A result. */
    public static Meta.Signature ofRows(
            List<ResultColumn> columns, String sql, List<ColumnType> parameters, WireFormat format) {
        return create(columns, sql, parameters, format, Meta.StatementType.SELECT);
    }

    private static Meta.Signature create(
            List<ResultColumn> columns,
            String sql,
            List<ColumnType> parameters,
            WireFormat format,
            Meta.StatementType type) {
        List<ColumnMetaData> described = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            described.add(format.describe(i, columns.get(i)));
        }
        List<AvaticaParameter> arguments = new ArrayList<>(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            arguments.add(JdbcTypes.parameter(i, parameters.get(i)));
        }
        return Meta.Signature.create(described, sql, arguments, Meta.CursorFactory.LIST, type);
    }

    /** What {@link PreparedQuery#warnings()} says, as a result of two columns; the protocol has no other place for it. */
    static Meta.MetaResultSet warnings(Meta.StatementHandle statement, List<Warning> warnings, WireFormat format) {
        List<ResultColumn> columns = List.of(
                new ResultColumn("warning", ColumnType.VARCHAR, false, null, null),
                new ResultColumn("sqlstate", ColumnType.VARCHAR, false, null, null));
        List<Object> rows = new ArrayList<>();
        warnings.forEach(warning -> rows.add(List.of(warning.message(), warning.sqlState())));
        return Meta.MetaResultSet.create(
                statement.connectionId,
                statement.id,
                false,
                ofRows(columns, "", List.of(), format),
                new Meta.Frame(0, true, rows));
    }

    /** The {@link #warnings} among the results of a statement. */
    public static List<Warning> warnings(List<Meta.MetaResultSet> results) {
        List<Warning> warnings = new ArrayList<>();
        for (Meta.MetaResultSet result : results.subList(1, results.size())) {
            for (Object row : result.firstFrame.rows) {
                List<?> values = row instanceof Object[] array ? Arrays.asList(array) : (List<?>) row;
                warnings.add(new Warning(String.valueOf(values.get(1)), String.valueOf(values.get(0))));
            }
        }
        return warnings;
    }

    /** The columns of a result that came in {@link WireFormat#EXACT}. */
    public static List<ResultColumn> columns(Meta.Signature signature) {
        return signature.columns.stream().map(JdbcTypes::resultColumn).toList();
    }
}
