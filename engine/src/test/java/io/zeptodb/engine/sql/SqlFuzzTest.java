package io.zeptodb.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever the text, the front end answers with a statement or with an error of its own. */
class SqlFuzzTest {
    private static final long SEED = 20261121;
    private static final int STATEMENTS = 3_000;

    private static final List<String> CORPUS = List.of(
            "SELECT symbol , price FROM trades WHERE symbol = 'AAPL' AND price > 1.5 ORDER BY ts DESC LIMIT 5",
            "SELECT symbol , count ( * ) , sum ( volume ) FROM trades GROUP BY symbol HAVING count ( * ) > 1",
            "SELECT xbar ( ts , INTERVAL '5' MINUTE ) AS bar , first ( price ) FROM trades GROUP BY bar",
            "SELECT * FROM trades t ASOF JOIN quotes q ON t . symbol = q . symbol AND t . ts >= q . ts",
            "SELECT * FROM trades t LEFT AJ0 JOIN quotes q ON t . symbol = q . symbol AND NEAREST ( t . ts , q . ts ) TOLERANCE 5",
            "SELECT t . price , wj_avg ( q . bid ) FROM trades t WINDOW JOIN quotes q ON t . symbol = q . symbol"
                    + " AND q . ts BETWEEN t . ts - 5 AND t . ts INCLUDE PREVAILING",
            "SELECT symbol , price FROM trades t UNION JOIN quotes q PLUS JOIN trades u USING ( symbol )",
            "SELECT symbol FROM trades ASOF JOIN quotes USING ( symbol , ts ) WHERE symbol IN ( 'A' , 'B' )",
            "SELECT lag ( price ) OVER ( PARTITION BY symbol ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW ) FROM trades",
            "INSERT INTO trades ( symbol , price , ts ) VALUES ( 'A' , ? , '2024-01-01' ) , ( NULL , - 1 , 5 )",
            "CREATE TABLE x ( symbol SYMBOL NOT NULL , v DECIMAL ( 10 , 2 ) , ts TIMESTAMP ) TIMESTAMP ( ts ) PARTITION BY symbol , HOUR ( ts )",
            "COPY trades ( symbol , price ) FROM 'f.csv' ( header true , delimiter ';' )",
            "WITH a AS ( SELECT price p FROM trades ) SELECT CASE WHEN p > 1 THEN 'x' ELSE NULL END FROM a UNION ALL VALUES ( 'y' )",
            "SELECT ( SELECT max ( bid ) FROM quotes q WHERE q . symbol = t . symbol ) , price :: int FROM trades t",
            "SELECT EXISTS ( SELECT 1 FROM quotes ) , coalesce ( price , ? , 0 ) , CAST ( ts AS DATE ) FROM trades");

    @Test
    void mutatedStatementsNeverEscapeAsAnythingButEngineException() {
        List<String> words = new ArrayList<>();
        CORPUS.forEach(sql -> words.addAll(List.of(sql.split(" "))));
        SplittableRandom random = new SplittableRandom(SEED);
        int defects = 0;
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < STATEMENTS; i++) {
            String sql = mutate(CORPUS.get(random.nextInt(CORPUS.size())), words, random);
            try {
                SqlFrontEndFixture.validate(sql);
            } catch (EngineException e) {
                assertThat(e.getMessage()).as(sql).isNotBlank();
                if (e.code() == ErrorCode.INTERNAL_ERROR) {
                    defects++;
                    first.append('\n').append(sql).append("\n    ").append(e.getMessage());
                }
            }
        }
        assertThat(defects)
                .as("statements that are refused as a defect: %s", first)
                .isZero();
    }

    private static String mutate(String sql, List<String> words, SplittableRandom random) {
        List<String> tokens = new ArrayList<>(List.of(sql.split(" ")));
        for (int change = random.nextInt(1, 4); change > 0 && !tokens.isEmpty(); change--) {
            int at = random.nextInt(tokens.size());
            switch (random.nextInt(5)) {
                case 0 -> tokens.remove(at);
                case 1 -> tokens.add(at, words.get(random.nextInt(words.size())));
                case 2 -> tokens.set(at, words.get(random.nextInt(words.size())));
                case 3 -> tokens.add(at, tokens.get(random.nextInt(tokens.size())));
                default -> {
                    String token = tokens.get(at);
                    int cut = random.nextInt(token.length());
                    tokens.set(at, token.substring(0, cut) + (char) random.nextInt(32, 400) + token.substring(cut));
                }
            }
        }
        return String.join(" ", tokens);
    }
}
