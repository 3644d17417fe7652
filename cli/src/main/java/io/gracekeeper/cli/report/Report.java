package io.gracekeeper.cli.report;

import io.gracekeeper.cli.check.CheckResult;
import java.io.PrintWriter;

/** A form of a check's result. */
@FunctionalInterface
public interface Report {
    /** Writes everything; doesn't close the writer. */
    void write(CheckResult result, PrintWriter out);
}
