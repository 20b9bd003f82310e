package io.zeptodb.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The functions' part of docs/sql.md is what the registry says. {@code -Ddocs.fill=true} writes it. */
class SqlReferenceTest {
    private static final Path PAGE = Path.of("../docs/sql.md");
    private static final String BEGIN = "<!-- functions: made from the registry, do not edit -->\n";
    private static final String END = "<!-- end of functions -->\n";

    @Test
    void functionsArePrintedFromTheRegistry() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String expected = reference();
        if (Boolean.getBoolean("docs.fill")) {
            Files.writeString(PAGE, page.substring(0, begin) + expected + page.substring(end));
            return;
        }
        assertEquals(expected, page.substring(begin, end), "run with -Ddocs.fill=true to write it");
    }

    private static String reference() {
        Map<String, List<FunctionDefinition>> sections = new TreeMap<>();
        for (FunctionDefinition function : FunctionRegistry.standard().all()) {
            sections.computeIfAbsent(function.section(), section -> new ArrayList<>())
                    .add(function);
        }
        StringBuilder text = new StringBuilder();
        sections.forEach((section, functions) -> {
            text.append("\n### ").append(section).append("\n\n| function | meaning | example |\n|---|---|---|\n");
            for (FunctionDefinition function : functions) {
                String aliases =
                        function.aliases().isEmpty() ? "" : " Also: " + String.join(", ", function.aliases()) + ".";
                text.append("| ")
                        .append(cell(function.signature()))
                        .append(" | ")
                        .append(cell(function.documentation() + aliases))
                        .append(" | ")
                        .append(cell(function.example() + " → " + function.exampleResult()))
                        .append(" |\n");
            }
        });
        return text.append('\n').toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ').strip();
    }
}
