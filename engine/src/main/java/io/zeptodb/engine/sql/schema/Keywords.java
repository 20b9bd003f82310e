package io.zeptodb.engine.sql.schema;

import io.zeptodb.engine.sql.parser.ParseException;
import io.zeptodb.engine.sql.parser.ZeptoSqlParser;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;

/** The words of the grammar. Immutable. */
public final class Keywords {
    private static final SqlAbstractParserImpl.Metadata WORDS =
            ZeptoSqlParser.FACTORY.getParser(new StringReader("")).getMetadata();

    private static final Set<String> RESERVED = reserved();

    private Keywords() {}

    /** Calcite's own list of the others is empty: it reads them off an error of the parser, which looks ahead in their place and names none. */
    private static Set<String> reserved() {
        Set<String> reserved = new TreeSet<>();
        for (String word : all()) {
            ZeptoSqlParser parser = new ZeptoSqlParser(new StringReader(word));
            parser.setUnquotedCasing(Casing.UNCHANGED);
            try {
                parser.NonReservedKeyWord();
            } catch (ParseException e) {
                reserved.add(word);
            }
        }
        return Set.copyOf(reserved);
    }

    /** All of them, in upper case, in their order. */
    static List<String> all() {
        return WORDS.getTokens().stream().filter(WORDS::isKeyword).sorted().toList();
    }

    /** Whether a word means something to the grammar, reserved or not. */
    public static boolean isKeyword(String word) {
        return WORDS.isKeyword(word.toUpperCase(Locale.ROOT));
    }

    /** Whether a word must stand in quotes to be a name. */
    static boolean isReserved(String word) {
        return RESERVED.contains(word.toUpperCase(Locale.ROOT));
    }
}
