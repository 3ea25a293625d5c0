package io.fairlead.health.check;

/**
 * Reads a file and goes by the word in it: {@code up} passes, {@code down} or a negative number fails, a number of 0..65535
 * passes with that weight. No file fails.
 *
 * @param path absolute
 */
public record FileProbeSpec(String path) implements ProbeSpec {

    public FileProbeSpec {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("file \"" + path + "\" (expected: an absolute path)");
        }
    }

    @Override
    public String type() {
        return "file";
    }

    @Override
    public boolean needsPort() {
        return false;
    }
}
