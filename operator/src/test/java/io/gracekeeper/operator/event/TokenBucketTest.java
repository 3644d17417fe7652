package io.gracekeeper.operator.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    @Test
    @DisplayName("a burst goes at once, then one per interval")
    void bounded() {
        var bucket = new TokenBucket(3, Duration.ofMillis(200), 0);
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(0)).isZero();
        }
        assertThat(bucket.take(0)).isEqualTo(Duration.ofMillis(200));
        assertThat(bucket.take(Duration.ofMillis(50).toNanos())).isEqualTo(Duration.ofMillis(150));
        assertThat(bucket.take(Duration.ofMillis(200).toNanos())).isZero();
        assertThat(bucket.take(Duration.ofMillis(200).toNanos())).isPositive();
    }

    @Test
    @DisplayName("a long rest gives no more than one burst")
    void capped() {
        var bucket = new TokenBucket(2, Duration.ofMillis(200), 0);
        long later = Duration.ofHours(1).toNanos();
        assertThat(bucket.take(later)).isZero();
        assertThat(bucket.take(later)).isZero();
        assertThat(bucket.take(later)).isPositive();
    }
}
