package io.fairlead.system.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A root of its own: the files of the booted system, none of its mounts, and changes that stay here. Nothing in it runs as
 * the first process, so that no service manager is there.
 */
final class OwnRoot implements AutoCloseable {

    private final Path folder;
    private final Path root;

    private OwnRoot(Path folder) {
        this.folder = folder;
        this.root = folder.resolve("root");
    }

    static OwnRoot create() {
        try {
            OwnRoot own = new OwnRoot(Files.createTempDirectory(Path.of("/run"), "root"));
            Path lower = own.made("lower"); // without what is mounted on the folders of the system
            Command.run("mount", "--bind", "/", lower.toString());
            Command.run(
                    "mount",
                    "-t",
                    "overlay",
                    "overlay",
                    "-o",
                    "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, own.made("upper"), own.made("work")),
                    own.made("root").toString());
            Command.run("mount", "-t", "proc", "proc", own.path("proc").toString());
            Command.run("mount", "--bind", "/dev", own.path("dev").toString());
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path made(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    /** Returns where {@code file}, an absolute path without its slash, is seen from outside. */
    Path path(String file) {
        return root.resolve(file);
    }

    String text() {
        return root.toString();
    }

    /** Returns the command that runs {@code words} in here. */
    String[] inside(String... words) {
        List<String> whole = new ArrayList<>(List.of("chroot", root.toString()));
        whole.addAll(List.of(words));
        return whole.toArray(String[]::new);
    }

    String run(String... words) {
        return Command.run(inside(words));
    }

    @Override
    public void close() {
        for (String mount : List.of("root/dev", "root/proc", "root", "lower")) {
            Command.run("umount", "--lazy", folder.resolve(mount).toString());
        }
    }
}
