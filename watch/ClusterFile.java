package io.fairlead.kube.watch;

import io.fairlead.kube.json.MalformedObjectException;
import io.fairlead.kube.json.ManifestReader;
import io.fairlead.kube.json.ObjectWriter;
import io.fairlead.kube.model.ClusterObject;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;

/**
 * The last known objects on disk, one a line in the form of the API: what serves after a start while the API is away.
 * {@code fairlead kubernetes plan} reads it too.
 */
public final class ClusterFile {

    private final Path file;

    /** @param directory where the state of the appliance is */
    public ClusterFile(Path directory) {
        this.file = directory.resolve("kubernetes.json");
    }

    /**
     * Returns what was saved last; nothing if nothing ever was.
     *
     * @throws IOException if it cannot be read, or is broken
     */
    List<ClusterObject> load() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Reader text = Files.newBufferedReader(file)) {
            return Files.size(file) == 0 ? List.of() : ManifestReader.read(text);
        } catch (MalformedObjectException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Replaces what was saved, so that a crash leaves either the one or the other. */
    void save(Iterator<? extends ClusterObject> objects) throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (FileOutputStream bytes = new FileOutputStream(next.toFile())) {
            BufferedWriter out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
            while (objects.hasNext()) {
                out.write(ObjectWriter.line(objects.next()));
                out.write('\n');
            }
            out.flush();
            bytes.getFD().sync();
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
