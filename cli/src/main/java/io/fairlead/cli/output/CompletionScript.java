package io.fairlead.cli.output;

import java.util.Arrays;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Writes what shells need to complete our command lines. */
public final class CompletionScript {

    /** The verbs of {@code rs} that take VS/RS. */
    private static final String REAL_SERVER_VERBS = "show drain undrain disable enable set-weight check";

    private CompletionScript() {}

    /** Returns the script for bash, which zsh reads too: picocli's, and the names that the appliance knows. */
    public static String bash(CommandLine root) {
        return AutoComplete.bash("fairlead", root) + """

            # Names of virtual servers, real servers and virtual routers come from the running appliance.
            function _fairlead_with_names() {
              local typed=${COMP_LINE:0:COMP_POINT} previous=${COMP_WORDS[COMP_CWORD-1]} word kind= group= verb=
              local current=${typed##*[[:space:]]}
              for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                case $word in
                  -*) ;;
                  vs|rs|ha) [[ -z $group ]] && group=$word || verb=${verb:-$word} ;;
                  *) verb=${verb:-$word} ;;
                esac
              done
              if [[ $previous == --vs ]]; then kind=vs
              elif [[ $group == vs && $verb == show ]]; then kind=vs
              elif [[ $group == rs && $verb == list ]]; then kind=vs
              elif [[ $group == rs && " %s " == *" $verb "* && -n $verb ]]; then kind=rs
              elif [[ $group == ha && $verb == failover || -z $group && $verb == is-master ]]; then kind=router
              fi
              if [[ -n $kind && $current != -* ]]; then
                COMPREPLY=($(compgen -W "$(fairlead names $kind 2>/dev/null)" -- "$current"))
                # A colon begins another word for bash, which then wants to be told of that word alone.
                if [[ $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
                  COMPREPLY=("${COMPREPLY[@]#"${current%%"${current##*:}"}"}")
                fi
              else
                _complete_fairlead
              fi
            }
            complete -F _fairlead_with_names -o default fairlead
            """.formatted(REAL_SERVER_VERBS);
    }

    /** Returns the script for fish. */
    public static String fish(CommandLine root) {
        StringBuilder script = new StringBuilder();
        script.append("# fish completion of fairlead\ncomplete -c fairlead -f\n");
        for (Map.Entry<String, CommandLine> entry : root.getSubcommands().entrySet()) {
            if (entry.getValue().getCommandSpec().usageMessage().hidden()) {
                continue;
            }
            String name = entry.getKey();
            script.append("complete -c fairlead -n __fish_use_subcommand -a %s -d '%s'%n"
                    .formatted(name, description(entry.getValue())));
            entry.getValue().getSubcommands().forEach((verb, command) -> {
                String names = "__fish_seen_subcommand_from " + name + "; and not __fish_seen_subcommand_from "
                        + String.join(" ", entry.getValue().getSubcommands().keySet());
                script.append(
                        "complete -c fairlead -n '%s' -a %s -d '%s'%n".formatted(names, verb, description(command)));
            });
            for (OptionSpec option : entry.getValue().getCommandSpec().options()) {
                script.append(option(name, option));
            }
        }
        script.append("complete -c fairlead -n '__fish_seen_subcommand_from %s' -a '(fairlead names rs 2>/dev/null)'%n"
                .formatted(REAL_SERVER_VERBS.replace("show ", "")));
        script.append("complete -c fairlead -n '__fish_seen_subcommand_from failover is-master'"
                + " -a '(fairlead names router 2>/dev/null)'\n");
        script.append("complete -c fairlead -l vs -x -a '(fairlead names vs 2>/dev/null)'\n");
        return script.toString();
    }

    private static String option(String command, OptionSpec option) {
        StringBuilder line =
                new StringBuilder("complete -c fairlead -n '__fish_seen_subcommand_from %s'".formatted(command));
        Arrays.stream(option.names())
                .forEach(name ->
                        line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1)));
        return line.append(option.arity().max() > 0 ? " -r" : "").append('\n').toString();
    }

    private static String description(CommandLine command) {
        String[] lines = command.getCommandSpec().usageMessage().description();
        return lines.length == 0 ? "" : lines[0].replace("'", "").replace("\\", "");
    }
}
