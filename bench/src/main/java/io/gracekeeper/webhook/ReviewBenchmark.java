package io.gracekeeper.webhook;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.gracekeeper.webhook.BenchReviews.Kind;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/** From the bytes of a review to the bytes of its answer, without HTTP. {@code -prof gc} adds the bytes allocated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReviewBenchmark {
    /** Policies of the namespace, all of which match. */
    @Param({"1", "20"})
    public int policies;

    /** What comes out of it: a {@link Kind}. */
    @Param({"ALLOWED", "REFUSED", "PATCHED"})
    public String kind = "ALLOWED";

    private AdmissionPath path = AdmissionPath.VALIDATE_WORKLOADS;
    private byte[] review = new byte[0];
    private AdmissionReviewHandler handler = BenchReviews.handler(0);

    /** Before the trial. */
    @Setup
    public void prepare() {
        // What is decided, and not what is logged of it.
        ((Logger) LoggerFactory.getLogger("io.gracekeeper")).setLevel(Level.WARN);
        path = Kind.valueOf(kind).path();
        review = Kind.valueOf(kind).review();
        handler = BenchReviews.handler(policies);
    }

    /** Decodes, decides, encodes. */
    @Benchmark
    public byte[] review() throws BadReviewException {
        return handler.handle(path, review);
    }
}
