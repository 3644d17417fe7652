package io.gracekeeper.operator.retrofit;

import java.time.Instant;

/** Builds candidates for tests, from one that may be touched. */
final class Candidates {
    static final RolloutProgress COMPLETE = new RolloutProgress(true, true, null);
    static final RolloutProgress UNDER_WAY = new RolloutProgress(true, false, null);
    static final RolloutProgress OVERDUE = new RolloutProgress(true, false, Instant.parse("2026-11-24T09:00:00Z"));

    private String uid = "u";
    private int replicas = 3;
    private boolean fixable = true;
    private boolean violating;
    private String touch = "";
    private boolean paused;
    private String controller;
    private RolloutProgress progress = COMPLETE;
    private boolean settledBefore;
    private boolean touchedBeforeEdit;

    static Candidates pending(String uid) {
        var candidates = new Candidates();
        candidates.uid = uid;
        return candidates;
    }

    static Candidates rolling(String uid) {
        return pending(uid).touch("hash").fixable(false).progress(UNDER_WAY);
    }

    Candidates replicas(int count) {
        replicas = count;
        return this;
    }

    Candidates fixable(boolean value) {
        fixable = value;
        return this;
    }

    Candidates violating() {
        fixable = false;
        violating = true;
        return this;
    }

    Candidates touch(String value) {
        touch = value;
        return this;
    }

    Candidates paused() {
        paused = true;
        return this;
    }

    Candidates owned() {
        controller = "Application/shop";
        return this;
    }

    Candidates progress(RolloutProgress value) {
        progress = value;
        return this;
    }

    Candidates settledBefore() {
        settledBefore = true;
        return this;
    }

    Candidates touchedBeforeEdit() {
        touchedBeforeEdit = true;
        return this;
    }

    Candidate build() {
        return new Candidate(
                uid,
                "shop/" + uid,
                replicas,
                fixable,
                violating,
                "hash",
                touch,
                paused,
                controller,
                progress,
                settledBefore,
                touchedBeforeEdit);
    }
}
