package io.fairlead.linux.ipvs;

import io.fairlead.core.schedule.MaglevTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** How large a table the running kernel was built with for {@code mh}: {@code CONFIG_IP_VS_MH_TAB_INDEX}. */
public final class MaglevSlots {

    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Path IN_KERNEL = Path.of("/proc/config.gz");
    private static final Pattern INDEX = Pattern.compile("CONFIG_IP_VS_MH_TAB_INDEX=(\\d{1,2})");
    private static final int DEFAULT_INDEX = 12;

    private MaglevSlots() {}

    /** Returns the number of slots; the kernel's default where its configuration is not on this host. Reads files. */
    public static int ofThisKernel() {
        try {
            if (Files.exists(IN_KERNEL)) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(IN_KERNEL))) {
                    return MaglevTable.slots(index(in));
                }
            }
            Path onDisk = Path.of("/boot/config-" + Files.readString(RELEASE).strip());
            try (InputStream in = Files.newInputStream(onDisk)) {
                return MaglevTable.slots(index(in));
            }
        } catch (IOException e) {
            return MaglevTable.slots(DEFAULT_INDEX);
        }
    }

    private static int index(InputStream in) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = INDEX.matcher(line);
                if (matcher.matches()) {
                    return Integer.parseInt(matcher.group(1));
                }
            }
        }
        return DEFAULT_INDEX;
    }
}
