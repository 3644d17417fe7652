package io.gracekeeper.policy;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A label selector, ready to be asked; the meaning of Kubernetes' own (every requirement must hold). */
final class LabelMatcher {
    private static final Pattern VALUE = Pattern.compile("(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern KEY = Pattern.compile(
            "(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private final Map<String, String> matchLabels;
    private final List<Requirement> requirements;

    private record Requirement(String key, Operator operator, Set<String> values) {
        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    private enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    private LabelMatcher(Map<String, String> matchLabels, List<Requirement> requirements) {
        this.matchLabels = matchLabels;
        this.requirements = requirements;
    }

    boolean isEmpty() {
        return matchLabels.isEmpty() && requirements.isEmpty();
    }

    boolean matches(Map<String, String> labels) {
        for (Map.Entry<String, String> wanted : matchLabels.entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (Requirement requirement : requirements) {
            if (!requirement.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Of a selector without errors. Null is the empty selector. */
    static LabelMatcher of(@Nullable LabelSelector selector) {
        if (selector == null) {
            return new LabelMatcher(Map.of(), List.of());
        }
        List<Requirement> requirements = new ArrayList<>();
        for (LabelSelectorRequirement expression : expressions(selector)) {
            Operator operator = operator(expression.getOperator());
            if (operator == null) {
                throw new IllegalArgumentException("selector was not validated: operator " + expression.getOperator());
            }
            requirements.add(new Requirement(expression.getKey(), operator, Set.copyOf(values(expression))));
        }
        return new LabelMatcher(labels(selector), requirements);
    }

    /** Everything that is wrong with a selector. */
    static List<FieldError> errors(@Nullable LabelSelector selector, String path) {
        List<FieldError> errors = new ArrayList<>();
        if (selector == null) {
            return errors;
        }
        labels(selector).forEach((key, value) -> {
            key(key, path + ".matchLabels", errors);
            value(value, path + ".matchLabels[" + key + "]", errors);
        });
        List<LabelSelectorRequirement> expressions = expressions(selector);
        for (int i = 0; i < expressions.size(); i++) {
            expression(expressions.get(i), path + ".matchExpressions[" + i + "]", errors);
        }
        return errors;
    }

    private static void expression(LabelSelectorRequirement expression, String path, List<FieldError> errors) {
        key(expression.getKey(), path + ".key", errors);
        List<String> values = values(expression);
        Operator operator = operator(expression.getOperator());
        if (operator == null) {
            errors.add(new FieldError(
                    path + ".operator",
                    "\"" + expression.getOperator() + "\" is no operator: use In, NotIn, Exists or DoesNotExist"));
            return;
        }
        boolean takesValues = operator == Operator.IN || operator == Operator.NOT_IN;
        if (takesValues && values.isEmpty()) {
            errors.add(new FieldError(
                    path + ".values", expression.getOperator() + " needs at least one value, as in values: [web]"));
        }
        if (!takesValues && !values.isEmpty()) {
            errors.add(new FieldError(path + ".values", expression.getOperator() + " takes no values: remove them"));
        }
        for (int i = 0; i < values.size(); i++) {
            value(values.get(i), path + ".values[" + i + "]", errors);
        }
    }

    private static void key(@Nullable String key, String path, List<FieldError> errors) {
        if (key == null || !KEY.matcher(key).matches()) {
            errors.add(
                    new FieldError(
                            path,
                            "\"" + key
                                    + "\" is no label key: write an optional DNS prefix and a name, as in app.kubernetes.io/name"));
        }
    }

    private static void value(@Nullable String value, String path, List<FieldError> errors) {
        if (value == null || !VALUE.matcher(value).matches()) {
            errors.add(
                    new FieldError(
                            path,
                            "\"" + value
                                    + "\" is no label value: at most 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends"));
        }
    }

    private static @Nullable Operator operator(@Nullable String word) {
        return switch (word) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            case null, default -> null;
        };
    }

    private static Map<String, String> labels(LabelSelector selector) {
        return selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels();
    }

    private static List<LabelSelectorRequirement> expressions(LabelSelector selector) {
        return selector.getMatchExpressions() == null ? List.of() : selector.getMatchExpressions();
    }

    private static List<String> values(LabelSelectorRequirement expression) {
        return expression.getValues() == null ? List.of() : expression.getValues();
    }
}
