package io.fairlead.system.demo;

/** What the demo tells, and how many of its expectations were not fulfilled. */
final class Narration {

    private int failed;

    void title(String text) {
        say("");
        say("== " + text);
    }

    void say(String line) {
        System.out.println(line);
    }

    void expect(boolean fulfilled, String what) {
        if (!fulfilled) {
            failed++;
        }
        say((fulfilled ? "  ok    " : "  WRONG ") + what);
    }

    int failed() {
        return failed;
    }
}
