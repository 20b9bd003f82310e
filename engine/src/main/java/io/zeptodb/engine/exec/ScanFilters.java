package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What joins ask of the scans below their left sides. Scans are told apart by identity: one table may be read twice in the same way. Immutable. */
final class ScanFilters {
    static final ScanFilters NONE = new ScanFilters(new IdentityHashMap<>());

    private final Map<TableScan, List<BuiltKeys>> byScan;

    private ScanFilters(Map<TableScan, List<BuiltKeys>> byScan) {
        this.byScan = byScan;
    }

    ScanFilters with(List<BuiltKeys> more) {
        Map<TableScan, List<BuiltKeys>> all = new IdentityHashMap<>(byScan);
        for (BuiltKeys keys : more) {
            List<BuiltKeys> ofScan = new ArrayList<>(all.getOrDefault(keys.scan(), List.of()));
            ofScan.add(keys);
            all.put(keys.scan(), ofScan);
        }
        return new ScanFilters(all);
    }

    /** What applies the filters of a scan, for one thread, which closes them. */
    List<BuiltKeys.Reader> readers(TableScan scan, ExecutionContext context) {
        List<BuiltKeys.Reader> readers = new ArrayList<>();
        return Inputs.closingOnFailure(() -> readers.forEach(BuiltKeys.Reader::close), () -> {
            for (BuiltKeys keys : byScan.getOrDefault(scan, List.of())) {
                readers.add(keys.newReader(context));
            }
            return readers;
        });
    }
}
