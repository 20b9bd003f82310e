/**
 * Indexes of the columns with an attribute (SORTED, GROUPED, PARTED), one for each column of each segment: they tell which rows of the segment may have
 * a value. What they give are candidates (rows whose value has the same hash, or the same order key), which the reader checks by the filters of
 * its scan, so that an index decides how rows are found and never which. Start reading at {@link io.zeptodb.engine.partition.index.SegmentIndexes}.
 */
@NullMarked
package io.zeptodb.engine.partition.index;

import org.jspecify.annotations.NullMarked;
