package io.fairlead.conf.keepalived;

import java.util.ArrayList;
import java.util.List;

/** Collects remarks, a bounded number of them. */
final class Remarks {

    private static final int REMARKS_MAX = 10_000;

    private final List<Remark> found = new ArrayList<>();
    private int dropped;

    void add(SourceLine at, String text) {
        add(new Remark(at.file(), at.number(), text));
    }

    void add(Statement statement, String text) {
        add(statement.at(), statement.keyword() + ": " + text);
    }

    void add(Remark remark) {
        if (found.size() < REMARKS_MAX) {
            found.add(remark);
        } else {
            dropped++;
        }
    }

    List<Remark> all() {
        if (dropped == 0) {
            return List.copyOf(found);
        }
        List<Remark> all = new ArrayList<>(found);
        all.add(new Remark(found.getFirst().file(), 0, "and " + dropped + " more"));
        return List.copyOf(all);
    }
}
