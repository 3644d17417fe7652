package io.gracekeeper.operator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is known of reports")
class KnownReportsTest {
    private final KnownReports known = new KnownReports();

    @Test
    @DisplayName("is an edit that the watch sees before our write returns")
    void editDuringWrite() {
        known.write("shop", 1, () -> {
            assertThat(known.saw("shop", 1)).as("our own write").isFalse();
            assertThat(known.saw("shop", 2)).as("somebody's edit").isTrue();
        });
        assertThat(known.says("shop", 1)).isFalse();
        assertThat(known.says("shop", 2)).isTrue();
    }

    @Test
    @DisplayName("is open after a write that failed, so that it is written again or removed")
    void failedWrite() {
        assertThatThrownBy(() -> known.write("shop", 1, () -> {
                    throw new IllegalStateException("refused");
                }))
                .hasMessage("refused");
        assertThat(known.says("shop", 1)).isFalse();
        assertThat(known.has("shop")).isTrue();
    }
}
