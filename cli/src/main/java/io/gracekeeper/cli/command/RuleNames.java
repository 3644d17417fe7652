package io.gracekeeper.cli.command;

import io.gracekeeper.policy.Rule;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;

/** What shells offer where a rule can be typed. */
class RuleNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return names().iterator();
    }

    Stream<String> names() {
        return Arrays.stream(Rule.values()).map(Rule::word);
    }

    /** What shells offer behind {@code explain}. */
    static final class OrWorkload extends RuleNames {
        @Override
        Stream<String> names() {
            return Stream.concat(Stream.of(ExplainCommand.WORKLOAD), super.names());
        }
    }
}
