package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.value.SqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The one table of SQLSTATEs: all of them are well formed, have the class that JDBC asks for, and are told to users. */
class SqlStateTest {
    private static final Map<String, Class<?>> CLASSES = Map.ofEntries(
            Map.entry("07", SQLNonTransientException.class),
            Map.entry("08", SQLNonTransientConnectionException.class),
            Map.entry("0A", SQLFeatureNotSupportedException.class),
            Map.entry("21", SQLDataException.class),
            Map.entry("22", SQLDataException.class),
            Map.entry("23", SQLIntegrityConstraintViolationException.class),
            Map.entry("24", SQLNonTransientException.class),
            Map.entry("28", SQLNonTransientConnectionException.class),
            Map.entry("40", SQLTransactionRollbackException.class),
            Map.entry("42", SQLSyntaxErrorException.class),
            Map.entry("53", SQLTransientException.class),
            Map.entry("HY", SQLNonTransientException.class));
    /** Retrying alone may help with the first; the others want another connection. */
    private static final Map<String, Class<?>> SINGLE = Map.of(
            "08001", SQLTransientConnectionException.class,
            "08006", SQLRecoverableException.class);

    private static Class<?> expected(String state) {
        if (state.startsWith("57P")) {
            return SQLRecoverableException.class;
        }
        Class<?> single = SINGLE.get(state);
        return single != null ? single : CLASSES.getOrDefault(state.substring(0, 2), SQLException.class);
    }

    private static Set<String> states() {
        Set<String> states = new TreeSet<>();
        Arrays.stream(ErrorCode.values()).forEach(code -> states.add(code.sqlState()));
        Arrays.stream(SqlState.values()).forEach(state -> states.add(state.code()));
        return states;
    }

    @Test
    void everyFailureOfTheEngineHasItsStateAndItsClass() {
        for (ErrorCode code : ErrorCode.values()) {
            SQLException failure = SqlErrors.of(new EngineException(code, "it failed", 3, 7, null));
            assertThat(failure.getSQLState()).as(code.name()).isEqualTo(code.sqlState());
            assertThat(failure.getMessage()).as(code.name()).isEqualTo("it failed (line 3, column 7)");
            Class<?> expected = code == ErrorCode.TIMEOUT ? SQLTimeoutException.class : expected(code.sqlState());
            assertThat((Object) failure.getClass()).as(code.name()).isEqualTo(expected);
            assertThat((Throwable) SqlErrors.translate(new RuntimeException(failure)))
                    .isSameAs(failure);
        }
    }

    @Test
    void everyFailureOfTheDriverHasItsClass() {
        for (SqlState state : SqlState.values()) {
            assertThat(state.code()).as(state.name()).matches("[0-9A-Z]{5}");
            assertThat((Object) SqlErrors.of(state.code(), "it failed").getClass())
                    .as(state.name())
                    .isEqualTo(expected(state.code()));
        }
        assertThat(Arrays.stream(SqlState.values()).map(SqlState::code)).doesNotHaveDuplicates();
    }

    @Test
    void noOtherPlaceSpellsAState() throws IOException {
        Pattern literal = Pattern.compile("\"([0-9A-Z]{5})\"");
        List<String> spelled = new ArrayList<>();
        for (String module : List.of("../jdbc-driver", "../avatica-server", "../arrow-bridge")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src/main/java"))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                        .filter(each -> !each.endsWith("SqlState.java"))
                        .toList()) {
                    Matcher found = literal.matcher(Files.readString(file));
                    while (found.find()) {
                        if (states().contains(found.group(1))) {
                            spelled.add(file + ": " + found.group(1));
                        }
                    }
                }
            }
        }
        assertThat(spelled).isEmpty();
    }

    @Test
    void usersAreToldOfEveryState() throws IOException {
        String page = Files.readString(Path.of("../docs/operations.md"));
        Set<String> told = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| ([0-9A-Z]{5}) \\|").matcher(page);
        while (row.find()) {
            told.add(row.group(1));
        }
        assertThat(told).isEqualTo(states().stream().collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }
}
