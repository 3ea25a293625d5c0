package io.fairlead.cli.output;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes what fish needs to complete our command lines: one rule for each command, option and argument, with the words that the
 * command line must have so far.
 */
public final class FishCompletion {

    private final StringBuilder script = new StringBuilder();

    private FishCompletion() {}

    /** Returns the script. */
    public static String of(CommandLine root) {
        Set<String> withValue = new TreeSet<>();
        collectOptionsWithValue(root, withValue);
        FishCompletion completion = new FishCompletion();
        completion.script.append(functions(withValue));
        completion.add(root, List.of());
        return completion.script.toString();
    }

    /** Returns the conditions of the rules. The word that is being completed is not among those of {@code commandline -opc}. */
    private static String functions(Set<String> withValue) {
        return """
            # fish completion of fairlead
            complete -c fairlead -e
            complete -c fairlead -f

            # The words so far that are neither options nor their values, without the command itself.
            function __fairlead_words
                set -l words (commandline -opc)
                set -e words[1]
                set -l value no
                for word in $words
                    if test $value = yes
                        set value no
                    else if string match -q -- '-*' $word
                        contains -- $word %s; and set value yes
                    else
                        echo $word
                    end
                end
            end

            # Whether they are just these: here begins a command or the first argument.
            function __fairlead_is
                set -l words (__fairlead_words)
                test "$words" = "$argv"
            end

            # Whether they begin with these: here an option may come.
            function __fairlead_begins
                set -l words (__fairlead_words)
                set -l count (count $argv)
                test $count -eq 0; or test "$words[1..$count]" = "$argv"
            end

            """.formatted(String.join(" ", withValue));
    }

    private static void collectOptionsWithValue(CommandLine command, Set<String> names) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.arity().max() > 0) {
                names.addAll(List.of(option.names()));
            }
        }
        command.getSubcommands().values().forEach(below -> collectOptionsWithValue(below, names));
    }

    private void add(CommandLine command, List<String> path) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            String value = option.arity().max() == 0 ? "" : isFile(option) ? " -r -F" : " -x" + values(option);
            rule("begins", path, names(option) + value, option);
        }
        for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
            String values = values(argument);
            if (argument.index().min() == 0 && !values.isEmpty()) {
                rule("is", path, values, argument);
            }
        }
        command.getSubcommands().forEach((name, below) -> {
            if (!below.getCommandSpec().usageMessage().hidden()) {
                rule(
                        "is",
                        path,
                        " -a " + name,
                        below.getCommandSpec().usageMessage().description());
                List<String> inner = new ArrayList<>(path);
                inner.add(name);
                add(below, inner);
            }
        });
    }

    private void rule(String condition, List<String> path, String what, ArgSpec argument) {
        rule(condition, path, what, argument.description());
    }

    private void rule(String condition, List<String> path, String what, String[] description) {
        script.append("complete -c fairlead -n '__fairlead_%s %s'%s%s\n"
                .formatted(condition, String.join(" ", path), what, description(description)));
    }

    private static String names(OptionSpec option) {
        StringBuilder names = new StringBuilder();
        for (String name : option.names()) {
            names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        return names.toString();
    }

    /** Returns what may stand there: names that the appliance knows, words that are known beforehand, or files. */
    private static String values(ArgSpec argument) {
        String names = switch (argument.paramLabel()) {
            case "VS" -> "vs";
            case "VS/RS" -> "rs";
            case "ROUTER" -> "router";
            default -> "";
        };
        if (!names.isEmpty()) {
            return " -a '(fairlead names %s 2>/dev/null)'".formatted(names);
        }
        if (argument.completionCandidates() != null) {
            return " -a '%s'".formatted(String.join(" ", argument.completionCandidates()));
        }
        return isFile(argument) ? " -F" : "";
    }

    private static boolean isFile(ArgSpec argument) {
        return argument.auxiliaryTypes()[0] == Path.class;
    }

    /** Returns the first sentence, unless it holds what only a help page fills in. */
    private static String description(String[] lines) {
        String first = lines.length == 0 ? "" : lines[0].split("(?<=[.:]) |: ", 2)[0];
        return first.isEmpty() || first.contains("${")
                ? ""
                : " -d '" + first.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
