package io.gracekeeper.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was bad before may be updated if it gets no worse: an update is refused only for a violation that is new, or whose
 * shortage has grown. Otherwise the first policy of a cluster would stop every fix of everything.
 */
final class Ratchet {
    private record Key(Rule rule, String field) {}

    private Ratchet() {}

    /** The violations that an update is answerable for. */
    static List<Violation> worsened(List<Violation> before, List<Violation> after) {
        Map<Key, Long> shortages = new HashMap<>();
        before.forEach(violation -> shortages.merge(key(violation), violation.shortage(), Math::max));
        List<Violation> worsened = new ArrayList<>();
        for (Violation violation : after) {
            Long was = shortages.get(key(violation));
            if (was == null || violation.shortage() > was) {
                worsened.add(violation);
            }
        }
        return worsened;
    }

    private static Key key(Violation violation) {
        return new Key(violation.rule(), violation.field());
    }
}
