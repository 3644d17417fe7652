package io.gracekeeper.operator;

/** A process of its own, as the image starts it. */
final class OperatorLauncher {
    private OperatorLauncher() {}

    public static void main(String[] args) {
        int code = OperatorMain.run(System.getenv());
        if (code != 0) {
            System.exit(code);
        }
    }
}
