package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlMerge;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** MERGE INTO table USING source ON condition, with any number of branches. */
public final class MergeNode extends SqlMerge {
    private final List<MergeBranch> branches;

    public MergeNode(
            SqlParserPos position,
            SqlNode table,
            SqlNode condition,
            SqlNode source,
            @Nullable SqlIdentifier alias,
            List<MergeBranch> branches) {
        super(position, table, condition, source, null, null, null, alias);
        this.branches = List.copyOf(branches);
    }

    /** In the order of the text; the first whose condition holds is the one. */
    public List<MergeBranch> branches() {
        return branches;
    }
}
