package io.gracekeeper.policy.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a POSIX shell script into words, operators and redirections. */
final class ShellLexer {
    private static final String BLANKS = " \t\r";
    private static final String BREAKS = " \t\r\n;&|()<>";
    private static final String GLOBS = "*?[~";

    private final String script;
    private int at;

    /** Parts of the word that is being read. */
    private StringBuilder text = new StringBuilder();

    private List<String> substitutions = new ArrayList<>();
    private boolean literal = true;
    private boolean bare = true;

    private ShellLexer(String script) {
        this.script = script;
    }

    /** All tokens, or null where the script is not closed or has a part that is beyond us (a here-document). */
    static @Nullable List<Token> tokens(String script) {
        List<Token> tokens = new ArrayList<>();
        ShellLexer lexer = new ShellLexer(script);
        try {
            for (Token token = lexer.next(); token != null; token = lexer.next()) {
                tokens.add(token);
            }
        } catch (Beyond e) {
            return null;
        }
        return tokens;
    }

    /** Ends the reading; no stack trace, since scripts that we can't read are nothing special. */
    private static final class Beyond extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Beyond() {
            super(null, null, false, false);
        }
    }

    private char peek(int ahead) {
        return at + ahead < script.length() ? script.charAt(at + ahead) : '\0';
    }

    private boolean more() {
        return at < script.length();
    }

    private void skipBlanks() {
        while (more()) {
            if (BLANKS.indexOf(peek(0)) >= 0) {
                at++;
            } else if (peek(0) == '\\' && peek(1) == '\n') {
                at += 2;
            } else if (peek(0) == '#') {
                int end = script.indexOf('\n', at);
                at = end < 0 ? script.length() : end;
            } else {
                return;
            }
        }
    }

    private @Nullable Token next() {
        skipBlanks();
        if (!more()) {
            return null;
        }
        Token redirection = redirection();
        if (redirection != null) {
            return redirection;
        }
        for (String operator : List.of("&&", "||", ";;", "|&", ";", "&", "|", "(", ")")) {
            if (script.startsWith(operator, at)) {
                at += operator.length();
                return new Token.Operator(operator);
            }
        }
        if (peek(0) == '\n') {
            at++;
            return new Token.Operator(";");
        }
        return word();
    }

    private @Nullable Token redirection() {
        int mark = at;
        int digits = 0;
        while (Character.isDigit(peek(0)) && digits < 2) {
            at++;
            digits++;
        }
        String number = script.substring(mark, at);
        boolean both = digits == 0 && peek(0) == '&' && peek(1) == '>';
        at += both ? 1 : 0;
        char sign = peek(0);
        if (sign != '<' && sign != '>') {
            at = mark;
            return null;
        }
        at++;
        if (sign == '<' && peek(0) == '<') {
            throw new Beyond();
        }
        if (peek(0) == '(') {
            throw new Beyond(); // A process substitution of bash.
        }
        boolean duplicate = peek(0) == '&';
        if (duplicate || peek(0) == '>' || peek(0) == '|') {
            at++;
        }
        skipBlanks();
        Token.Word target = word();
        int usual = sign == '<' ? 0 : 1;
        boolean merged = both || (duplicate && digits == 0 && !target.text().matches("[0-9]+|-"));
        int descriptor = merged ? -1 : digits == 0 ? usual : Integer.parseInt(number);
        return new Token.Redirection(descriptor, sign == '>', duplicate && !merged, target);
    }

    private Token.Word word() {
        text = new StringBuilder();
        substitutions = new ArrayList<>();
        literal = true;
        bare = true;
        int start = at;
        while (more() && BREAKS.indexOf(peek(0)) < 0) {
            piece();
        }
        if (at == start) {
            throw new Beyond();
        }
        String word = text.toString();
        boolean test = bare && (word.equals("[") || word.equals("[[")); // No glob, but the start of a test.
        return new Token.Word(word, literal || test, bare, substitutions);
    }

    private void piece() {
        char c = script.charAt(at);
        switch (c) {
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '\\' -> {
                bare = false;
                if (peek(1) != '\n') {
                    text.append(peek(1));
                }
                at = Math.min(script.length(), at + 2);
            }
            case '$', '`' -> expansion();
            default -> {
                literal &= GLOBS.indexOf(c) < 0 && !(c == '{' && braces());
                text.append(c);
                at++;
            }
        }
    }

    /** Whether what starts here is a brace expansion; a brace alone is a reserved word. */
    private boolean braces() {
        int end = script.indexOf('}', at);
        return end > at + 1 && !script.substring(at, end).contains(" ");
    }

    private void singleQuoted() {
        bare = false;
        int end = script.indexOf('\'', at + 1);
        if (end < 0) {
            throw new Beyond();
        }
        text.append(script, at + 1, end);
        at = end + 1;
    }

    private void doubleQuoted() {
        bare = false;
        at++;
        while (peek(0) != '"') {
            if (!more()) {
                throw new Beyond();
            }
            char c = script.charAt(at);
            if (c == '\\' && "\\\"$`".indexOf(peek(1)) >= 0) {
                text.append(peek(1));
                at = Math.min(script.length(), at + 2);
            } else if (c == '$' || c == '`') {
                expansion();
            } else {
                text.append(c);
                at++;
            }
        }
        at++;
    }

    private void expansion() {
        if (peek(0) == '`') {
            int end = script.indexOf('`', at + 1);
            if (end < 0) {
                throw new Beyond();
            }
            substitution(at + 1, end);
        } else if (peek(1) == '(') {
            int end = closing(at + 2);
            substitution(at + 2, end);
        } else if (peek(1) == '{') {
            int end = script.indexOf('}', at);
            if (end < 0
                    || script.substring(at, end).contains("$(")
                    || script.substring(at, end).contains("`")) {
                throw new Beyond();
            }
            literal = false;
            at = end + 1;
        } else if (Character.isLetterOrDigit(peek(1))
                || (at + 1 < script.length() && "_@*#?-$!".indexOf(peek(1)) >= 0)) {
            literal = false;
            boolean name = Character.isLetter(peek(1)) || peek(1) == '_';
            at += 2;
            while (name && (Character.isLetterOrDigit(peek(0)) || peek(0) == '_')) {
                at++;
            }
        } else {
            text.append('$'); // A dollar sign alone means itself.
            at++;
        }
    }

    private void substitution(int from, int end) {
        literal = false;
        String inner = script.substring(from, end);
        if (!inner.startsWith("(")) { // else arithmetic, which takes no time
            substitutions.add(inner);
        } else if (inner.contains("$(") || inner.contains("`")) {
            throw new Beyond();
        }
        at = end + 1;
    }

    /** Where the parenthesis that was opened before ends. */
    private int closing(int from) {
        int depth = 1;
        char quote = '\0';
        for (int i = from; i < script.length(); i++) {
            char c = script.charAt(i);
            if (c == '\\' && quote != '\'') {
                i++;
            } else if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
        throw new Beyond();
    }
}
