package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.jdbc.value.JdbcTypes;
import java.util.ArrayList;
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

    /** What {@link PreparedQuery#warnings()} says, as a result of one column; the protocol has no other place for it. */
    static Meta.MetaResultSet warnings(Meta.StatementHandle statement, List<String> texts, WireFormat format) {
        ResultColumn column = new ResultColumn("warning", ColumnType.VARCHAR, false, null, null);
        List<Object> rows = new ArrayList<>();
        texts.forEach(text -> rows.add(List.of(text)));
        return Meta.MetaResultSet.create(
                statement.connectionId,
                statement.id,
                false,
                ofRows(List.of(column), "", List.of(), format),
                new Meta.Frame(0, true, rows));
    }

    /** The texts of {@link #warnings} among the results of a statement. */
    public static List<String> warnings(List<Meta.MetaResultSet> results) {
        List<String> texts = new ArrayList<>();
        for (Meta.MetaResultSet result : results.subList(1, results.size())) {
            for (Object row : result.firstFrame.rows) {
                Object text = row instanceof Object[] values ? values[0] : ((List<?>) row).get(0);
                texts.add(String.valueOf(text));
            }
        }
        return texts;
    }

    /** The columns of a result that came in {@link WireFormat#EXACT}. */
    public static List<ResultColumn> columns(Meta.Signature signature) {
        return signature.columns.stream().map(JdbcTypes::resultColumn).toList();
    }
}
