package io.fairlead.system.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process and its descendants take, from {@code /proc}.
 *
 * @param cpuTicks user and system time, in ticks of 10 ms
 * @param peakKibibytes the sum of their peak resident sizes
 */
record ProcessUsage(long cpuTicks, long peakKibibytes) {

    static ProcessUsage of(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessUsage::ofOne)
                .reduce(new ProcessUsage(0, 0), ProcessUsage::plus);
    }

    private ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(cpuTicks + other.cpuTicks, peakKibibytes + other.peakKibibytes);
    }

    private static ProcessUsage ofOne(ProcessHandle process) {
        Path folder = Path.of("/proc", Long.toString(process.pid()));
        try {
            String stat = Files.readString(folder.resolve("stat"));
            // Behind the command's name, which may hold blanks; utime and stime are fields 14 and 15 of proc(5).
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return new ProcessUsage(
                    Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12)),
                    peak(Files.readAllLines(folder.resolve("status"))));
        } catch (NoSuchFileException e) {
            return new ProcessUsage(0, 0); // ended meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long peak(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
