package io.gracekeeper.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain scalar means to Kubernetes: sigs.k8s.io/yaml reads by go-yaml v2, which is YAML 1.1 for booleans and integers
 * ({@code off} is false, {@code 010} is 8) and yet knows no base 60 (go.yaml.in/yaml/v2 resolve.go), then writes JSON by Go's
 * encoding/json, which makes the integer 30 of {@code 30.0}.
 */
final class Yaml11 {
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_UNSIGNED_LONG =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /** From here on Go writes a float with an exponent. */
    private static final double EXPONENT_FROM = 1e21;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Yaml11() {}

    /**
     * The value of a scalar without quotes and tag.
     *
     * @param offset where it stands, for the message
     * @throws SyntaxProblem for a number that JSON can't hold
     */
    static JsonNode plain(String text, int offset) {
        if (text.isEmpty()) {
            return NullNode.getInstance();
        }
        char first = text.charAt(0);
        if (first == '.' || first == '+' || first == '-' || (first >= '0' && first <= '9')) {
            return number(text, offset);
        }
        return "yYnNtTfFoO~".indexOf(first) < 0 || text.length() > 5 ? NODES.textNode(text) : word(text);
    }

    private static JsonNode word(String text) {
        return switch (text) {
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> NODES.booleanNode(true);
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> NODES.booleanNode(false);
            case "~", "null", "Null", "NULL" -> NullNode.getInstance();
            default -> NODES.textNode(text);
        };
    }

    private static JsonNode number(String text, int offset) {
        String special = text.toLowerCase(Locale.ROOT);
        if (special.length() <= 5 && (special.endsWith(".inf") || special.equals(".nan"))) {
            throw new SyntaxProblem(offset, text + " is a number that JSON can't hold; put it in quotes");
        }
        String digits = text.replace("_", "");
        if (digits.isEmpty()) {
            return NODES.textNode(text);
        }
        JsonNode integer = text.charAt(0) == '.' ? null : integer(digits);
        if (integer != null) {
            return integer;
        }
        return FLOAT.matcher(digits).matches() ? decimal(digits) : NODES.textNode(text);
    }

    private static @Nullable JsonNode integer(String digits) {
        boolean negative = digits.charAt(0) == '-';
        String rest = negative || digits.charAt(0) == '+' ? digits.substring(1) : digits;
        int radix = 10;
        if (rest.length() > 1 && rest.charAt(0) == '0') {
            radix = switch (rest.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'o', 'O' -> 8;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            rest = rest.substring(Character.isDigit(rest.charAt(1)) ? 1 : 2);
        }
        // The constructor would take a second sign.
        if (rest.isEmpty() || Character.digit(rest.charAt(0), radix) < 0 || rest.length() > 80) {
            return null;
        }
        try {
            BigInteger value = new BigInteger(negative ? "-" + rest : rest, radix);
            return value.compareTo(MIN_LONG) < 0 || value.compareTo(MAX_UNSIGNED_LONG) > 0 ? null : whole(value);
        } catch (NumberFormatException notOfThisRadix) {
            return null;
        }
    }

    private static JsonNode decimal(String digits) {
        double value = Double.parseDouble(digits);
        return value == Math.rint(value) && Math.abs(value) < EXPONENT_FROM
                ? whole(new BigDecimal(value).toBigInteger())
                : NODES.numberNode(value);
    }

    private static JsonNode whole(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }
}
