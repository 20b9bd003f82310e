package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.TextPlace;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Where the expression was written that is being lowered: what is made for it, casts among it, takes this place. Calcite loses the place of what its
 * rules make; such an expression has that of the one around it. For one statement, one thread.
 */
final class CurrentPlace {
    private @Nullable TextPlace place;

    /** Null when nothing around has one. */
    @Nullable
    TextPlace get() {
        return place;
    }

    /** Begins an expression; the place before is for {@link #leave}. */
    @Nullable
    TextPlace enter(@Nullable SqlParserPos position) {
        TextPlace before = place;
        if (position != null && position.getLineNum() > 0 && position.getLineNum() <= TextPlace.MOST_LINES) {
            place = new TextPlace(position.getLineNum(), position.getColumnNum());
        }
        return before;
    }

    void leave(@Nullable TextPlace before) {
        place = before;
    }
}
