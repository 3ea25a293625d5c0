package io.fairlead.cli.output;

import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes what bash and zsh need to complete our command lines. */
public final class CompletionScript {

    /** The verbs of {@code rs} that take VS/RS. */
    private static final String REAL_SERVER_VERBS = "show drain undrain disable enable set-weight check";

    private CompletionScript() {}

    /**
     * Returns the script for bash, which zsh reads too: picocli's, and the names that the appliance knows. In zsh a number behind
     * the colon of an expansion needs its dollar sign.
     */
    public static String bash(CommandLine root) {
        return AutoComplete.bash("fairlead", root) + """

            # Names of virtual servers, real servers and virtual routers come from the running appliance.
            function _fairlead_with_names() {
              local typed=${COMP_LINE:0:$COMP_POINT} previous=${COMP_WORDS[COMP_CWORD-1]} word kind= group= verb=
              local current=${typed##*[[:space:]]}
              for word in "${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
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
}
