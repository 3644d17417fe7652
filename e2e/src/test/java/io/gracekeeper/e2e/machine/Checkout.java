package io.gracekeeper.e2e.machine;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are in this checkout. */
public final class Checkout {
    /** The root: the only folder that has this file. */
    private static final Path ROOT = find();

    private Checkout() {}

    /** The tool that starts and ends clusters. */
    public static Path clusterTool() {
        return ROOT.resolve("e2e/cluster/cluster");
    }

    /** The chart, as it is in the source tree. */
    public static Path chart() {
        return ROOT.resolve("helm/gracekeeper");
    }

    /** The image that module {@code image} has built. */
    public static Path imageTar() {
        return ROOT.resolve("image/target/gracekeeper-image.tar");
    }

    /** The files of that image, as its build has laid them out. */
    public static Path imageRoot() {
        return ROOT.resolve("image/target/image/root");
    }

    /** The command line, as module {@code cli} has packed it. */
    public static Path commandLine() {
        return ROOT.resolve("cli/target/gracekeeper-cli/bin/kubectl-gracekeeper");
    }

    /** The reviews of the API server that the webhook's own tests run on. */
    public static Path recordedReviews() {
        return ROOT.resolve("webhook/src/test/resources/reviews/recorded");
    }

    /** Where logs of failed runs are kept. */
    public static Path logs() {
        return ROOT.resolve("e2e/target/logs");
    }

    private static Path find() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("e2e/cluster/cluster"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run this inside a checkout of Gracekeeper");
            }
        }
        return folder;
    }
}
