package io.gracekeeper.operator.retrofit;

import static io.gracekeeper.operator.retrofit.Candidates.COMPLETE;
import static io.gracekeeper.operator.retrofit.Candidates.UNDER_WAY;
import static io.gracekeeper.operator.retrofit.Candidates.pending;
import static io.gracekeeper.operator.retrofit.Candidates.rolling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Where a workload stands")
class CandidateTest {
    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("fixable and untouched", pending("a"), TurnState.PENDING, true),
                arguments("in somebody's rollout", pending("a").progress(UNDER_WAY), TurnState.PENDING, false),
                arguments("paused", pending("a").paused(), TurnState.SKIPPED, false),
                arguments("owned by another controller", pending("a").owned(), TurnState.SKIPPED, false),
                arguments("only its author can fix it", pending("a").violating(), TurnState.SKIPPED, false),
                arguments("compliant by itself", pending("a").fixable(false), TurnState.SETTLED, false),
                arguments("without replicas", pending("a").replicas(0), TurnState.PENDING, true),
                arguments("touched, rolling", rolling("a"), TurnState.ROLLING, false),
                arguments("touched, complete", rolling("a").progress(COMPLETE), TurnState.SETTLED, false),
                arguments("touched, then paused on its way", rolling("a").paused(), TurnState.ROLLING, false),
                arguments(
                        "touched and complete before, somebody rolls it",
                        rolling("a").settledBefore(),
                        TurnState.SETTLED,
                        false),
                arguments("its touch was ignored", pending("a").touch("hash"), TurnState.PENDING, false),
                arguments(
                        "its touch was ignored, and the policy was edited since",
                        pending("a").touch("hash").touchedBeforeEdit(),
                        TurnState.PENDING,
                        true),
                arguments(
                        "rolls with an older touch of ours",
                        pending("a").touch("older").progress(UNDER_WAY),
                        TurnState.ROLLING,
                        true),
                arguments("has an older touch, complete", pending("a").touch("older"), TurnState.PENDING, true));
    }

    @ParameterizedTest(name = "{0}: {2}, eligible {3}")
    @MethodSource("cases")
    void states(String name, Candidates candidate, TurnState state, boolean eligible) {
        assertThat(candidate.build().state()).as(name).isEqualTo(state);
        assertThat(candidate.build().isEligible()).as(name).isEqualTo(eligible);
    }
}
