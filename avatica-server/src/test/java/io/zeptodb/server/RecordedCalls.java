package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.JDBCType;
import java.sql.SQLException;
import java.sql.SQLType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Stands before objects of java.sql, notes which of their methods are called, and tells which were not. One thread. */
final class RecordedCalls {
    private final Set<String> called = new TreeSet<>();

    /** An object that passes its calls on and notes them. */
    <T> T of(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    called.add(key(type, method));
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static String key(Class<?> type, Method method) {
        List<String> parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .toList();
        return type.getSimpleName() + "." + method.getName() + "(" + String.join(", ", parameters) + ")";
    }

    /** Every method that an implementation of the interface has, those of its parents among them. */
    static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .toList();
    }

    /** Fails unless every method of the interface was called on one of the objects. */
    void assertComplete(Class<?> type) {
        Set<String> missing = new TreeSet<>();
        methods(type).forEach(method -> missing.add(key(type, method)));
        missing.removeAll(called);
        assertThat(missing)
                .as("methods of " + type.getName() + " that were never called")
                .isEmpty();
    }

    /** What a call with some arguments of the right types is refused with. */
    static SQLException refusal(Object target, Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(RecordedCalls::sample)
                .toArray();
        try {
            Object answer = method.invoke(target, arguments);
            return fail(method + " was not refused, but gave " + answer);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException refused) {
                return refused;
            }
            return fail(method + " threw something else than an SQLException", e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls the methods that are chosen; each is refused with this SQLSTATE. */
    static void assertRefused(Class<?> type, Object target, Predicate<String> chosen, String state) {
        assertRefused(type, target, chosen, state, method -> true);
    }

    /** As above, of the methods that are chosen by their names those that are chosen otherwise too. */
    static void assertRefused(
            Class<?> type, Object target, Predicate<String> chosen, String state, Predicate<Method> among) {
        List<String> wrong = new ArrayList<>();
        int refused = 0;
        for (Method method : methods(type)) {
            if (chosen.test(method.getName()) && among.test(method)) {
                String got = refusal(target, method).getSQLState();
                refused++;
                if (!state.equals(got)) {
                    wrong.add(key(type, method) + " gave " + got);
                }
            }
        }
        assertThat(wrong).as("refusals with another SQLSTATE than " + state).isEmpty();
        assertThat(refused).isPositive();
    }

    private static Object sample(Class<?> type) {
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == short.class) {
            return (short) 1;
        }
        if (type == byte.class) {
            return (byte) 1;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == float.class) {
            return 1f;
        }
        return type == double.class ? (Object) 1d : sampleObject(type);
    }

    private static Object sampleObject(Class<?> type) {
        if (type == String.class || type == Object.class) {
            return "id";
        }
        if (type == Class.class) {
            return String.class;
        }
        if (type == SQLType.class) {
            return JDBCType.BIGINT;
        }
        if (type == InputStream.class) {
            return new ByteArrayInputStream(new byte[1]);
        }
        if (type == Reader.class) {
            return new StringReader("x");
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == Properties.class) {
            return new Properties();
        }
        if (type == Executor.class) {
            return (Executor) Runnable::run;
        }
        if (type == int[].class) {
            return new int[] {1};
        }
        Object sample = type == String[].class ? new String[] {"id"} : OddArguments.usual(type);
        assertThat(sample).as("a sample of %s", type).isNotNull();
        return sample;
    }
}
