/**
 * Sealed segments on disk. {@link io.zeptodb.engine.tier.SegmentWriter} merges the rows of hot and sealed segments into a file, {@link
 * io.zeptodb.engine.tier.SegmentFile} is such a file as the memory of a sealed segment: nothing of it is read before it is asked for. {@link
 * io.zeptodb.engine.tier.SymbolFile} has the texts of a SYMBOL column, {@link io.zeptodb.engine.tier.DeletionFile} the rows of a segment that are
 * deleted; their layouts are with them. Who
 * decides what is sealed, and which files there are, is not here but in {@code seal}.
 *
 * <p><b>The format</b>, version 1: a file of Arrow's IPC file format, which any reader of Arrow opens, with one record batch whose rows lie in the
 * order of (key, time, sequence), the NULL key and NULL timestamps last. Numbers are little-endian.
 *
 * <pre>
 *            +--------------------------------------------------------------+
 *        0   | "ARROW1" 0 0                                                 |  \
 *        8   | Schema message                                               |   |
 *            | DictionaryBatch message and body, for each SYMBOL column     |   |  areas: checksums of blocks
 *            | RecordBatch message                                          |   |  of 256 KiB, from 0 to the
 *  64-byte   | body: for each column its validity, its values, its heaps;   |   |  index, without a gap
 *  aligned   |   each at a multiple of 64, with 8 or more zeros behind it   |   |
 *            | FF FF FF FF 00 00 00 00 (Arrow's end of stream)              |  /
 *            +--------------------------------------------------------------+
 *            | index (below), zeros up to a multiple of 8                   |  \
 *  trailer   | "ZEPTOSEG", int32 version, int32 zeros before, int64 bytes   |   |  one checksum,
 *            |   of the index                                               |   |  kept in the manifest
 *            | Arrow's footer: schema, places of the messages, notes        |   |
 *            | int32 bytes of the footer, "ARROW1"                          |  /
 *            +--------------------------------------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>Columns are those of the table when the file was written, in their order, then {@code __sequence}, the hidden int64 sequence numbers. A field's
 *       notes are {@code zepto.column}, the id of the column, and {@code zepto.type}, its SQL type.
 *   <li>VARCHAR and VARBINARY are Utf8View and BinaryView, so that views and heaps are used as they lie. SYMBOL is int32 codes with a dictionary of Utf8;
 *       the codes are those of the table. A text that no row uses is empty, unless all texts up to the greatest code are fewer bytes than there
 *       are rows (or 4 KiB): then no two texts of the dictionary are equal, as some tools want.
 *   <li>Without NULLs in a column its validity has no bytes.
 *   <li>The record batch may be compressed as Arrow says, LZ4_FRAME or ZSTD, buffer by buffer, in blocks or frames of 256 KiB; dictionaries are not.
 *       A buffer without bytes stays one.
 *   <li>The footer's notes are {@code zepto.format}, {@code zepto.segment}, {@code zepto.table}, and {@code zepto.index}: offset and bytes of the index.
 * </ul>
 *
 * <p>The index has what the engine reads, so that it need not parse Arrow's messages:
 *
 * <pre>
 *  int64 segment, int64 table, text compression
 *  int32 columns, each:  int32 id (-1: sequence), text kind, int8 precision, int8 scale
 *                        statistics: int8 has bounds, int64 min, int64 max, float64 min, float64 max, int64 NULLs
 *                        int8 has validity [part], values part, int32 heaps, each a part
 *      a part is         int64 offset in the file, int64 bytes in the file, int64 bytes when decompressed
 *  int32 areas, each:    int64 offset, int64 bytes, int32 blocks, each int32 CRC32C
 *  int8 last run is the NULL key's, int32 runs, each: varint zig-zag of the key less the one before, varint rows
 * </pre>
 *
 * A text is int32 bytes and UTF-8. An area is mapped at once: one mapping holds less than 2 GiB, so a file of up to 1 GiB of columns has one, and a
 * larger one begins another where a buffer begins.
 *
 * <p><b>Damage.</b> Every byte has a checksum: those before the index one for each block, compared when a reader first touches the block (and by
 * {@link io.zeptodb.engine.tier.SegmentFile#verify}, for all); those from the index on the one that the manifest has, compared when the file is opened.
 * The manifest's also tells a file from another one in its place. A version that is not known is refused.
 *
 * <p>A block is not compared again. That nobody has cut the file short since is seen, by each statement for each segment of which it reads rows, by the last
 * bytes of the last area: behind the end of a file pages are zero, or not there, and then the access ends with the JVM's InternalError. (A question for
 * the file's length takes microseconds, which a scan of small segments feels, and the name may be gone while the mapping is in use.)
 *
 * <p><b>Memory.</b> Mapped pages are the system's and count against no limit. A segment holds its mappings until it is closed; a column view or an
 * exported batch holds the mapping it points into until it is closed itself, even if the segment's file is deleted meanwhile. Columns of compressed
 * segments are decompressed into the memory of their table; {@link io.zeptodb.engine.tier.ColumnCache} decides for how long, and sends what does not
 * fit to files in the folder {@code tmp}, which are mapped and have no name any more.
 */
@NullMarked
package io.zeptodb.engine.tier;

import org.jspecify.annotations.NullMarked;
