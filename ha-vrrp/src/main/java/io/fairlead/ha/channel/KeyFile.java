package io.fairlead.ha.channel;

import io.fairlead.ha.seal.ClusterKey;
import io.fairlead.ha.seal.KeyRing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/** The file with the keys of the cluster, one a line; see {@link KeyRing} for how a key is changed. */
public final class KeyFile {

    /** What others may not do with it. */
    private static final Set<PosixFilePermission> FORBIDDEN = EnumSet.of(
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private static final int SIZE_MAX = 16 * 1024;

    private KeyFile() {}

    /** The file cannot be used; the message says why, and how to mend it, and nothing of what it holds. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    /** Reads the keys; blocks on the disk. */
    public static KeyRing read(Path file) throws Unusable {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(FORBIDDEN::contains)) {
                throw new Unusable(file + ": mode " + PosixFilePermissions.toString(permissions)
                        + " (expected: rw-r----- or less; run chmod o-rwx,g-w)");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(SIZE_MAX + 1);
                if (bytes.length > SIZE_MAX) {
                    throw new Unusable(file + ": longer than " + SIZE_MAX + " bytes (expected: a file of keys)");
                }
                return KeyRing.parse(new String(bytes, StandardCharsets.ISO_8859_1));
            }
        } catch (NoSuchFileException _) {
            throw new Unusable(file + ": no such file (expected: keys, one a line)");
        } catch (AccessDeniedException _) {
            throw new Unusable(
                    file + ": permission denied (expected: readable for this process's user or group; run chgrp"
                            + " fairlead, chmod 640)");
        } catch (IOException e) {
            throw new Unusable(file + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Unusable(file + ": " + e.getMessage());
        }
    }

    /** Returns a new key: the line to write into the file. */
    public static String newKey() {
        return ClusterKey.generate(new SecureRandom());
    }
}
