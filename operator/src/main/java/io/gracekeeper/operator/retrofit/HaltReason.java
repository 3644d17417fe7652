package io.gracekeeper.operator.retrofit;

/** Why a retrofit stops. */
enum HaltReason {
    /** A touched workload did not become Available by its own progressDeadlineSeconds. */
    NOT_AVAILABLE("NotAvailable"),
    /** Containers of its new pods restarted. */
    PODS_RESTART("PodsRestart"),
    /** A pod that had the injected settings was killed all the same. */
    FORCED_KILL("ForcedKill"),
    /** The touch was stored, and nothing was injected; or it was taken out again. */
    TOUCH_IGNORED("TouchIgnored"),
    /** The touch itself was refused. */
    TOUCH_REFUSED("TouchRefused");

    private final String word;

    HaltReason(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
