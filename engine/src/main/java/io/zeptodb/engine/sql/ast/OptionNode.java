package io.zeptodb.engine.sql.ast;

import java.util.Locale;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** One {@code name = value} of WITH (…) or of COPY. */
public record OptionNode(SqlIdentifier identifier, @Nullable SqlNode value) {
    /** In lower case. */
    public String name() {
        return identifier.getSimple().toLowerCase(Locale.ROOT);
    }

    public SqlParserPos position() {
        return identifier.getParserPosition();
    }

    /** The value as text, without quotes; a name alone means true. */
    public String text() {
        return value == null ? "true" : textOf(value);
    }

    /** A literal or a name as the text it stands for. */
    public static String textOf(SqlNode value) {
        if (value instanceof SqlIdentifier name) {
            return name.toString();
        }
        if (value instanceof SqlLiteral literal) {
            Object content = literal.getValue();
            return content instanceof NlsString string ? string.getValue() : literal.toValue();
        }
        return value.toString();
    }
}
