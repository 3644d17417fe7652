package io.gracekeeper.cli.manifest;

/**
 * Ends the reading of one text after so many problems that it is no text of manifests: telling a million of them helps nobody, and
 * keeping them takes memory without end.
 */
public final class LimitedSink implements ManifestReader.Sink {
    /** So many problems of one input are told one by one. */
    public static final int TOLD = 1000;

    private final ManifestReader.Sink to;
    private int problems;

    /**
     * A sink for one text.
     *
     * @param to takes what is read, and one last problem that says that the rest was left out
     */
    public LimitedSink(ManifestReader.Sink to) {
        this.to = to;
    }

    @Override
    public void object(ManifestObject object) {
        to.object(object);
    }

    @Override
    public void unreadable(Unreadable problem) {
        problems++;
        to.unreadable(problems <= TOLD ? problem : leftOut(problem));
    }

    /** What is told in the place of the first problem that is too many. */
    public static Unreadable leftOut(Unreadable problem) {
        return new Unreadable(
                problem.input(),
                problem.position(),
                "this is one problem too many after " + TOLD + " others; the rest is left out");
    }

    @Override
    public boolean wantsMore() {
        return problems <= TOLD && to.wantsMore();
    }
}
