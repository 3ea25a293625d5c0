package io.fairlead.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One mistake in a configuration, in the words that an operator needs to mend it.
 *
 * @param file the file as the operator named it; empty if the problem has no place
 * @param line counted from 1; 0 if the problem concerns the whole file
 * @param path the key, such as {@code fairlead.virtual-servers.web.port}; empty for a syntax error
 * @param message the offending value and what was expected
 */
public record Problem(Optional<Path> file, int line, String path, String message) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        file.ifPresent(name -> text.append(name).append(':'));
        if (line > 0) {
            text.append(line).append(':');
        }
        if (!text.isEmpty()) {
            text.append(' ');
        }
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(message).toString();
    }
}
