package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.sql.ast.ColumnNode;
import io.zeptodb.engine.sql.type.TypeNames;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;

/** The attributes of columns as statements name them. */
final class AttributeNames {
    private AttributeNames() {}

    /** @throws io.zeptodb.engine.api.EngineException INVALID_TABLE_DEFINITION with the nearest name there is */
    static ColumnAttribute attribute(SqlIdentifier word) {
        List<String> known =
                Arrays.stream(ColumnAttribute.values()).map(Enum::name).toList();
        String name = word.getSimple().toUpperCase(Locale.ROOT);
        if (!known.contains(name)) {
            throw TableNames.at(
                    ErrorCode.INVALID_TABLE_DEFINITION,
                    "there is no attribute '" + word.getSimple() + "'" + Suggestion.of(word.getSimple(), known)
                            + "; a column is SORTED, GROUPED, PARTED or NONE",
                    word.getParserPosition());
        }
        return ColumnAttribute.valueOf(name);
    }

    /** A column that a statement defines. */
    static ColumnDefinition column(ColumnNode node, SqlDataTypeSpec type) {
        SqlIdentifier attribute = node.attribute();
        return new ColumnDefinition(
                node.name().getSimple(),
                TypeNames.typeOf(type),
                node.nullable(),
                attribute == null ? ColumnAttribute.NONE : attribute(attribute));
    }
}
