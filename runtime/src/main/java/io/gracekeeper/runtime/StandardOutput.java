package io.gracekeeper.runtime;

import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * The process's standard output, one write for each line. {@link System#out} is the same for platform threads; for virtual ones it
 * asks the scheduler for another thread during each write, since that may block (JDK 25, {@code System.Out}). The two threads then
 * take the core from each other for milliseconds, at each review that is logged. Without that, a write that blocks keeps the thread
 * that it is on; those that wait for its lock give theirs to others.
 */
final class StandardOutput extends FileOutputStream {
    /** Another stream to the one output. */
    StandardOutput() {
        super(FileDescriptor.out);
    }

    /** Nothing: the output is the process's, and whoever writes to it next wants it open. */
    @Override
    public void close() {}
}
