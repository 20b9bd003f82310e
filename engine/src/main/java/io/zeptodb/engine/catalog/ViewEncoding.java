package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.api.ViewDefinition;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A view as bytes, in the manifest and in the log.
 *
 * <pre>
 *   id (8), name, text, materialized (1), plain ASOF keeps rows without a match (1),
 *   columns (4), then of each: name, kind, precision (4), scale (4), nullable (1)
 *   dependencies (4), then of each: name, columns (4), name of each
 * </pre>
 *
 * Texts are their length in bytes (4) and UTF-8; enums are texts.
 */
public final class ViewEncoding {
    private static final int LEAST_COLUMN_BYTES = 17;
    private static final int LEAST_DEPENDENCY_BYTES = 8;

    private ViewEncoding() {}

    public static void write(ByteWriter out, ViewMetadata view) {
        ViewDefinition definition = view.definition();
        out.putLong(view.id()).putText(definition.name()).putText(definition.query());
        out.putBoolean(definition.materialized());
        out.putBoolean(view.asofKeepsUnmatched());
        out.putInt(definition.columns().size());
        for (ColumnDefinition column : definition.columns()) {
            out.putText(column.name()).putText(column.type().kind().name());
            out.putInt(column.type().precision()).putInt(column.type().scale());
            out.putBoolean(column.nullable());
        }
        out.putInt(view.dependencies().size());
        for (ViewMetadata.Dependency dependency : view.dependencies()) {
            out.putText(dependency.relation());
            out.putInt(dependency.columns().size());
            dependency.columns().forEach(out::putText);
        }
    }

    /** @throws io.zeptodb.engine.api.EngineException CORRUPTION when the bytes are no view */
    public static ViewMetadata read(ByteReader in) {
        long id = in.getLong();
        String name = in.getText();
        String query = in.getText();
        boolean materialized = in.getBoolean();
        boolean asofKeepsUnmatched = in.getBoolean();
        List<ColumnDefinition> columns = new ArrayList<>();
        for (int left = in.getCount(LEAST_COLUMN_BYTES); left > 0; left--) {
            String column = in.getText();
            ColumnType type = new ColumnType(in.getEnum(TypeKind.class), in.getInt(), in.getInt());
            columns.add(new ColumnDefinition(column, type, in.getBoolean()));
        }
        List<ViewMetadata.Dependency> dependencies = new ArrayList<>();
        for (int left = in.getCount(LEAST_DEPENDENCY_BYTES); left > 0; left--) {
            String relation = in.getText();
            List<String> read = new ArrayList<>();
            for (int more = in.getCount(Integer.BYTES); more > 0; more--) {
                read.add(in.getText());
            }
            dependencies.add(new ViewMetadata.Dependency(relation, read));
        }
        return new ViewMetadata(
                id, new ViewDefinition(name, columns, query, materialized), asofKeepsUnmatched, dependencies);
    }
}
