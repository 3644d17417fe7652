package io.gracekeeper.cli.fix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gracekeeper.cli.manifest.FieldPath;
import io.gracekeeper.cli.manifest.InputText;
import io.gracekeeper.cli.manifest.ManifestObject;
import io.gracekeeper.cli.manifest.ManifestReader;
import io.gracekeeper.cli.manifest.TextNode;
import io.gracekeeper.cli.manifest.Unreadable;
import io.gracekeeper.policy.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the engine's fix of one violation into edits of the text, and into what the tree is to be afterwards. */
final class FixPlanner {
    private final ManifestObject object;
    private final JsonNode expected;
    private final TextNode root;
    private final TextWriter writer;
    private final List<TextEdit> edits = new ArrayList<>();

    /**
     * A planner for one object.
     *
     * @param expected a copy of the object's tree, which is changed along with the plan
     */
    FixPlanner(ManifestObject object, JsonNode expected) {
        this.object = object;
        this.expected = expected;
        this.root = Objects.requireNonNull(object.text(), "an object of a cluster has no text to edit");
        this.writer = new TextWriter(object.input().text(), root);
    }

    /** A node, in the text and in the tree. */
    private record Place(TextNode text, JsonNode json) {}

    /**
     * Plans one fix.
     *
     * @param violation one with a fix
     * @throws CannotEdit if the text has no place for it
     */
    List<TextEdit> plan(Violation violation) {
        edits.clear();
        JsonNode fix = parse(String.valueOf(violation.fix()));
        List<FieldPath.Step> steps = FieldPath.parse(violation.field()).steps();
        for (Map.Entry<String, JsonNode> member : fix.properties()) {
            Place parent = parent(steps, member.getKey());
            set(parent, member.getKey(), member.getValue());
        }
        return List.copyOf(edits);
    }

    private static JsonNode parse(String yaml) {
        List<JsonNode> read = new ArrayList<>();
        ManifestReader.read(InputText.of("fix", yaml), new ManifestReader.Sink() {
            @Override
            public void object(ManifestObject fix) {
                read.add(fix.json());
            }

            @Override
            public void unreadable(Unreadable problem) {
                // Stays empty, and is refused below.
            }
        });
        if (read.size() != 1 || !read.getFirst().isObject()) {
            throw new CannotEdit("only its author can know the fix");
        }
        return read.getFirst();
    }

    /** The mapping that the fix's first key belongs into: the field's path up to that key. */
    private Place parent(List<FieldPath.Step> steps, String key) {
        int until = steps.size();
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).name().equals(key)) {
                until = i;
                break;
            }
        }
        Place place = new Place(root, expected);
        refuseShared(place.text());
        for (FieldPath.Step step : steps.subList(0, until)) {
            place = child(place, step);
            refuseShared(place.text());
        }
        return place;
    }

    private Place child(Place from, FieldPath.Step step) {
        if (from.json().isArray()) {
            int index = ManifestObject.indexOf(from.json(), step.name());
            if (index >= 0 && index < from.text().children().size()) {
                return new Place(from.text().children().get(index), from.json().get(index));
            }
        } else {
            TextNode own = from.text().own(step.name());
            if (own != null) {
                return new Place(own, from.json().path(step.name()));
            }
            if (from.json().has(step.name())) {
                throw new CannotEdit(step.name() + " comes from an anchor by a merge (<<); write it out first");
            }
        }
        throw new CannotEdit(step.name() + " isn't there");
    }

    private void refuseShared(TextNode node) {
        boolean anchor = object.input().text().startsWith("&", node.start());
        if (node.target() != null || anchor) {
            int line = object.input().position(node.keyStart()).line();
            throw new CannotEdit("line " + line + " is shared by an anchor, so an edit would change other places too");
        }
    }

    private void set(Place parent, String key, JsonNode value) {
        if (!(parent.json() instanceof ObjectNode json) || !parent.text().isMapping()) {
            throw new CannotEdit("there is no mapping to write " + key + " into");
        }
        TextNode own = parent.text().own(key);
        JsonNode before = json.path(key);
        if (own == null) {
            if (!before.isMissingNode() && parent.text().member(key) == null) {
                throw CannotEdit.now();
            }
            if (!before.isMissingNode() && value.isContainerNode()) {
                throw new CannotEdit(key + " comes from an anchor by a merge (<<); write it out first");
            }
            edits.add(writer.insert(parent.text(), key, value));
            json.set(key, value);
            return;
        }
        refuseShared(own);
        if (before.isObject() && value.isObject()) {
            refuseSecondHandler(key, before, value);
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                set(new Place(own, before), member.getKey(), member.getValue());
            }
        } else if (before.isObject() || before.isArray()) {
            throw new CannotEdit(key + " is there and has another form");
        } else {
            refuseDecision(key, before);
            edits.add(writer.replace(own, value));
            json.set(key, value);
        }
    }

    private static void refuseSecondHandler(String key, JsonNode before, JsonNode value) {
        boolean hook = key.equals("preStop") || key.equals("postStart");
        if (hook
                && !before.isEmpty()
                && value.properties().stream().noneMatch(handler -> before.has(handler.getKey()))) {
            throw new CannotEdit("there is a " + key + " hook already, and what it does only its author knows");
        }
    }

    /** {@code sleep: {seconds: 0}} is how an author says that there is to be no delay. */
    private static void refuseDecision(String key, @Nullable JsonNode before) {
        if (key.equals("seconds") && before != null && before.isInt() && before.intValue() == 0) {
            throw new CannotEdit("sleep 0 says on purpose that there is to be no delay; an exception can forgive it");
        }
    }
}
