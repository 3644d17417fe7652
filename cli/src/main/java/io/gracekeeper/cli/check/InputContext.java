package io.gracekeeper.cli.check;

import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.cli.policies.PolicyReader;
import java.util.regex.Pattern;

/**
 * Takes from the inputs what verdicts depend on and is no workload: namespaces and exceptions. A text that can't contain any is
 * not even parsed, so that no input has to be held in memory between the two looks at it.
 */
final class InputContext {
    private static final Pattern MENTIONED =
            Pattern.compile("kind\"?'?[ \\t]*:[ \\t]*\"?'?(Namespace|ShutdownException)\\b");

    private final PolicyReader into;

    InputContext(PolicyReader into) {
        this.into = into;
    }

    /** Takes what there is. What can't be read is told by whoever judges the same text. */
    void collect(InputText text) {
        if (!MENTIONED.matcher(text.text()).find()) {
            return;
        }
        ManifestReader.read(text, new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject object) {
                if (object.kind().equals("Namespace") || object.kind().equals("ShutdownException")) {
                    synchronized (into) {
                        into.object(object);
                    }
                }
            }

            @Override
            public void unreadable(Unreadable problem) {
                // Told by the judging look.
            }
        });
    }
}
