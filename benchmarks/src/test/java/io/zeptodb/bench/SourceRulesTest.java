package io.zeptodb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Rules about the shape of the source that no compiler plug-in checks: sizes, names, package documentation. */
class SourceRulesTest {
    private static final int MOST_LINES_OF_A_FILE = 800;
    private static final int MOST_LINES_OF_A_METHOD = 60;
    private static final int MOST_CONSTRUCTOR_PARAMETERS = 7;
    private static final Pattern NAME_THAT_SAYS_NOTHING =
            Pattern.compile(".*(Util|Utils|Helper|Helpers|Impl|Manager|Common)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    @Test
    void noFileIsTooLong() {
        List<String> violations = new ArrayList<>();
        for (Path file : allSources()) {
            long lines = SourceTree.read(file).lines().count();
            if (lines > MOST_LINES_OF_A_FILE) {
                violations.add(name(file) + ": " + lines + " lines, most is " + MOST_LINES_OF_A_FILE);
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void nothingIsMarkedUnfinished() {
        List<String> violations = new ArrayList<>();
        for (Path file : allSources()) {
            if (!file.endsWith("SourceRulesTest.java")
                    && UNFINISHED.matcher(SourceTree.read(file)).find()) {
                violations.add(name(file));
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void everyMainPackageSaysWhatItHolds() {
        TreeSet<String> violations = new TreeSet<>();
        for (Path file : SourceTree.mainSources()) {
            Path description = file.resolveSibling("package-info.java");
            if (!Files.isRegularFile(description)) {
                violations.add(name(file.getParent()) + ": no package-info.java");
            } else if (!SourceTree.read(description).contains("@NullMarked")
                    || !SourceTree.read(description).startsWith("/**")) {
                violations.add(name(description) + ": wants a comment and @NullMarked");
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void methodsConstructorsAndNamesKeepTheirLimits() throws IOException {
        List<String> violations = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(SourceTree.mainSources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Limits(unit, positions, violations).scan(unit, null);
            }
        }
        assertThat(violations).isEmpty();
    }

    private static List<Path> allSources() {
        return Stream.concat(SourceTree.mainSources().stream(), SourceTree.testSources().stream())
                .toList();
    }

    private static String name(Path file) {
        return SourceTree.root().relativize(file).toString();
    }

    /** Walks one file and notes what is longer than its limit. */
    private static final class Limits extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> violations;
        private boolean inRecord;

        Limits(CompilationUnitTree unit, SourcePositions positions, List<String> violations) {
            this.unit = unit;
            this.positions = positions;
            this.violations = violations;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (NAME_THAT_SAYS_NOTHING.matcher(type.getSimpleName()).matches()) {
                add(type, type.getSimpleName() + " is a name that says nothing");
            }
            boolean outer = inRecord;
            inRecord = type.getKind() == Tree.Kind.RECORD;
            super.visitClass(type, nothing);
            inRecord = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (method.getBody() != null) {
                LineMap lines = unit.getLineMap();
                long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                if (last - first + 1 > MOST_LINES_OF_A_METHOD) {
                    add(
                            method,
                            method.getName() + " has " + (last - first + 1) + " lines, most is "
                                    + MOST_LINES_OF_A_METHOD);
                }
            }
            // a record's constructor lists its components: its callers read names, not a long list of arguments
            boolean constructor = method.getReturnType() == null && !inRecord;
            if (constructor && method.getParameters().size() > MOST_CONSTRUCTOR_PARAMETERS) {
                add(
                        method,
                        "a constructor has " + method.getParameters().size() + " parameters, most is "
                                + MOST_CONSTRUCTOR_PARAMETERS);
            }
            return super.visitMethod(method, nothing);
        }

        private void add(Tree at, String what) {
            long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, at));
            violations.add(name(Path.of(unit.getSourceFile().toUri())) + ":" + line + ": " + what);
        }
    }
}
