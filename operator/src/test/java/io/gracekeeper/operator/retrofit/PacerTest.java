package io.gracekeeper.operator.retrofit;

import static io.gracekeeper.operator.retrofit.Candidates.UNDER_WAY;
import static io.gracekeeper.operator.retrofit.Candidates.pending;
import static io.gracekeeper.operator.retrofit.Candidates.rolling;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Who is touched next")
class PacerTest {
    private final Pacer pacer = new Pacer(10);

    @Test
    @DisplayName("the workload with the fewest replicas goes first, names break ties")
    void order() {
        var all = List.of(
                pending("c").replicas(5).build(),
                pending("b").replicas(2).build(),
                pending("a").replicas(2).build());
        assertThat(pacer.next(all, 1, 0, false)).map(Candidate::uid).contains("a");
    }

    @Test
    @DisplayName("nobody is touched while the policy's places are taken")
    void policyLimit() {
        var all = List.of(rolling("a").build(), pending("b").build());
        assertThat(pacer.next(all, 1, 1, false)).isEmpty();
        assertThat(pacer.next(all, 2, 1, false)).map(Candidate::uid).contains("b");
    }

    @Test
    @DisplayName("nobody is touched while the cluster's places are taken, whoever took them")
    void clusterLimit() {
        var all = List.of(pending("b").build());
        assertThat(pacer.next(all, 5, 10, false)).isEmpty();
        assertThat(pacer.next(all, 5, 9, false)).isPresent();
    }

    @Test
    @DisplayName("nobody is touched while the policy is halted")
    void halted() {
        assertThat(pacer.next(List.of(pending("a").build()), 5, 0, true)).isEmpty();
    }

    @Test
    @DisplayName("one that rolls with an older touch may get a newer one, since it takes up its place already")
    void outdated() {
        var all = List.of(
                pending("a").touch("older").progress(UNDER_WAY).build(),
                pending("b").replicas(1).build());
        assertThat(pacer.next(all, 1, 1, false)).map(Candidate::uid).contains("a");
    }

    @Test
    @DisplayName("above a limit that was lowered, not even that one is touched")
    void lowered() {
        var all = List.of(
                pending("a").touch("older").progress(UNDER_WAY).build(),
                rolling("b").build());
        assertThat(pacer.next(all, 1, 2, false)).isEqualTo(Optional.empty());
    }
}
