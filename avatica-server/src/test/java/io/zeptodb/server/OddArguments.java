package io.zeptodb.server;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.SQLType;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;

/**
 * Arguments for methods of java.sql that nobody should give, and the usual ones beside them: nulls, negative and huge numbers, strangers. Made anew
 * for each call.
 */
final class OddArguments {
    private OddArguments() {}

    /** Lists of arguments: in each all but one are usual. */
    static List<Object[]> of(Method method) {
        Class<?>[] types = method.getParameterTypes();
        List<Object[]> lists = new ArrayList<>();
        if (types.length == 0) {
            lists.add(new Object[0]);
        }
        for (int odd = 0; odd < types.length; odd++) {
            int choices = choices(types[odd]).size();
            for (int choice = 0; choice < choices; choice++) {
                Object[] arguments = new Object[types.length];
                for (int i = 0; i < types.length; i++) {
                    arguments[i] = choices(types[i]).get(i == odd ? choice : 0);
                }
                lists.add(arguments);
            }
        }
        return lists;
    }

    /** A usual argument; null for a type that there is none of. */
    static Object usual(Class<?> type) {
        return choices(type).get(0);
    }

    /** The first is usual, if there is anything usual of this type. */
    private static List<Object> choices(Class<?> type) {
        if (type.isPrimitive()) {
            return numbers(type);
        }
        if (type == String.class) {
            return Arrays.asList("1", null, "", "no such", "\0'\"", "x".repeat(3000));
        }
        if (type == Object.class) {
            return Arrays.asList(
                    "1", null, new Stranger(), 1.5, new byte[0], Thread.State.NEW, new BigDecimal("1e400"));
        }
        if (type.isArray()) {
            return arrays(type);
        }
        if (type == Date.class) {
            return Arrays.asList(new Date(0), null, new Date(Long.MAX_VALUE), new Date(Long.MIN_VALUE));
        }
        if (type == Time.class) {
            return Arrays.asList(new Time(0), null, new Time(Long.MAX_VALUE), new Time(Long.MIN_VALUE));
        }
        if (type == Timestamp.class) {
            return Arrays.asList(new Timestamp(0), null, new Timestamp(Long.MAX_VALUE), new Timestamp(Long.MIN_VALUE));
        }
        return type.getName().startsWith("java.io.") ? streams(type) : others(type);
    }

    private static List<Object> numbers(Class<?> type) {
        if (type == int.class) {
            return List.of(1, Integer.MIN_VALUE, -1, 0, 2, 3, 77, 2000, Integer.MAX_VALUE);
        }
        if (type == long.class) {
            return List.of(1L, Long.MIN_VALUE, -1L, 0L, 1L << 31, Long.MAX_VALUE);
        }
        if (type == short.class) {
            return List.of((short) 1, Short.MIN_VALUE);
        }
        if (type == byte.class) {
            return List.of((byte) 1, Byte.MIN_VALUE);
        }
        if (type == float.class) {
            return List.of(1f, Float.NaN, Float.MAX_VALUE);
        }
        return type == double.class ? List.of(1d, Double.NaN, -Double.MAX_VALUE) : List.of(true, false);
    }

    private static List<Object> arrays(Class<?> type) {
        if (type == int[].class) {
            return Arrays.asList(new int[] {1}, null, new int[0], new int[] {-1});
        }
        if (type == byte[].class) {
            return Arrays.asList(new byte[] {1}, null, new byte[0]);
        }
        return type == String[].class
                ? Arrays.asList(new String[] {"a"}, null, new String[0], new String[] {null})
                : Arrays.asList(new Object[] {1}, null, new Object[0], new Object[] {null});
    }

    private static List<Object> streams(Class<?> type) {
        if (type == InputStream.class) {
            return Arrays.asList(new ByteArrayInputStream(new byte[] {'1'}), null, new BrokenStream());
        }
        return type == Reader.class
                ? Arrays.asList(new StringReader("1"), null, new BrokenReader())
                : Arrays.asList((Object) null);
    }

    private static List<Object> others(Class<?> type) {
        if (type == Class.class) {
            return Arrays.asList(Connection.class, null, String.class, Thread.class, int.class);
        }
        if (type == SQLType.class) {
            return Arrays.asList(JDBCType.VARCHAR, null, JDBCType.REF, new UnknownType(null), new UnknownType(-77));
        }
        if (type == Map.class) {
            return Arrays.asList(Map.of(), null, Map.of("x", String.class));
        }
        if (type == Properties.class) {
            Properties unknown = new Properties();
            unknown.setProperty("no such", "1");
            Properties strange = new Properties();
            strange.put(1, new Object());
            return Arrays.asList(new Properties(), null, unknown, strange);
        }
        if (type == Executor.class) {
            return Arrays.asList((Executor) Runnable::run, null);
        }
        if (type == Calendar.class) {
            return Arrays.asList(new GregorianCalendar(), null);
        }
        if (type == BigDecimal.class) {
            return Arrays.asList(BigDecimal.ONE, null, new BigDecimal("1e400"), new BigDecimal("1e-400"));
        }
        if (type == URL.class) {
            return Arrays.asList(url(), null);
        }
        if (type.isInterface() && type.getName().startsWith("java.sql.")) {
            return Arrays.asList(stranger(type), null);
        }
        return Arrays.asList((Object) null);
    }

    private static URL url() {
        try {
            return URI.create("http://localhost/").toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    /** An object of another driver, of which nothing works. */
    private static Object stranger(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("hashCode")
                        ? 1
                        : method.getName().equals("equals") ? false : "stranger";
            }
            throw new java.sql.SQLException("of another driver", "HY999");
        });
    }

    /** Of a class that no driver knows. */
    private static final class Stranger {
        @Override
        public String toString() {
            return "a stranger";
        }
    }

    private record UnknownType(Integer number) implements SQLType {
        @Override
        public String getName() {
            return "UNKNOWN";
        }

        @Override
        public String getVendor() {
            return "nobody";
        }

        @Override
        public Integer getVendorTypeNumber() {
            return number;
        }
    }

    private static final class BrokenStream extends FilterInputStream {
        BrokenStream() {
            super(new ByteArrayInputStream(new byte[0]));
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            throw new IOException("broken");
        }
    }

    private static final class BrokenReader extends FilterReader {
        BrokenReader() {
            super(new StringReader(""));
        }

        @Override
        public int read(char[] characters, int from, int length) throws IOException {
            throw new IOException("broken");
        }
    }
}
