package io.zeptodb.engine.wal;

import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of log files and the layout of their header. */
public final class WalFile {
    static final int KIND_HEADER = 1;
    static final int FIRST = 1;
    static final int LAST = 2;
    /** 2: definitions of tables have the attributes of columns behind them, and there are records of views. */
    static final int VERSION = 2;

    /** Length of a file without records. */
    public static final int HEADER_BYTES = Frame.HEADER_BYTES + 4 * Long.BYTES;

    private static final int HEX = 16;
    private static final Pattern NAME = Pattern.compile("wal-([0-9a-f]{16})\\.log");

    /**
     * What the first frame of a file says.
     *
     * @param database which database it belongs to
     * @param number of the file
     * @param bytesBefore length of the file before, all of it synced; 0 for the first
     */
    record Header(UUID database, long number, long bytesBefore) {
        byte[] frame(long frameNumber) {
            ByteWriter writer = new ByteWriter(128);
            writer.take(Frame.HEADER_BYTES);
            writer.putLong(database.getMostSignificantBits()).putLong(database.getLeastSignificantBits());
            writer.putLong(number).putLong(bytesBefore);
            Frame.seal(
                    writer.bytes(), 0, writer.length() - Frame.HEADER_BYTES, KIND_HEADER, 0, VERSION, frameNumber, 0);
            return writer.toArray();
        }

        static Header read(ByteReader payload) {
            Header header =
                    new Header(new UUID(payload.getLong(), payload.getLong()), payload.getLong(), payload.getLong());
            payload.expectEnd();
            return header;
        }
    }

    private WalFile() {}

    /** Name of the file with this number. */
    public static String name(long number) {
        String hex = Long.toHexString(number);
        return "wal-" + "0".repeat(HEX - hex.length()) + hex + ".log";
    }

    /** Whether {@link #name} could have given this name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Numbers of the log files in a folder, ascending. */
    public static List<Long> numbers(Directory directory) {
        List<Long> numbers = new ArrayList<>();
        for (String name : directory.list()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                numbers.add(Long.parseUnsignedLong(matcher.group(1), HEX));
            }
        }
        numbers.sort(null);
        return numbers;
    }
}
