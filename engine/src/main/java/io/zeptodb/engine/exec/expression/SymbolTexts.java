package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The dictionary of symbols that a query makes itself, by a literal or by CAST(… AS SYMBOL). Lives as long as its node. One thread. */
public final class SymbolTexts implements SymbolDictionary, AutoCloseable {
    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private final WritableColumn values;
    private final boolean ofNulls;

    public SymbolTexts(MemoryBudget budget) {
        this(budget, false);
    }

    /** @param ofNulls see {@link #isOfNulls()} */
    SymbolTexts(MemoryBudget budget, boolean ofNulls) {
        this.ofNulls = ofNulls;
        values = new WritableColumn(budget, ColumnType.VARCHAR);
    }

    /** The code of a text, given when it is new. */
    public int codeOf(String text) {
        Integer known = codes.get(text);
        if (known != null) {
            return known;
        }
        int code = texts.size();
        values.reserve(code + 1);
        values.setText(code, text);
        values.setRowCount(code + 1);
        codes.put(text, code);
        texts.add(text);
        return code;
    }

    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public int find(CharSequence text) {
        return codes.getOrDefault(text.toString(), -1);
    }

    @Override
    public String text(int code) {
        return texts.get(code);
    }

    @Override
    public ColumnVector values() {
        return values.vector();
    }

    @Override
    public boolean isOfNulls() {
        return ofNulls;
    }

    @Override
    public void close() {
        values.close();
    }
}
