package io.fairlead.conf;

import java.util.ArrayList;
import java.util.List;

/** What came of loading a configuration: all of it, or everything that is wrong with it. */
public sealed interface ConfigOutcome {

    /** A valid configuration. The warnings name what is probably not meant, such as an included file that is missing. */
    record Accepted(FairleadConfig config, List<Problem> warnings) implements ConfigOutcome {
        public Accepted {
            warnings = List.copyOf(warnings);
        }
    }

    /** An invalid configuration. The problems are ordered by file and line and are at least one. */
    record Refused(List<Problem> problems) implements ConfigOutcome {

        private static final int LINES_MAX = 100;

        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("refused without a problem");
            }
        }

        /** Returns one line for each of the first 100 problems, and how many more there are. */
        public List<String> report() {
            List<String> lines = new ArrayList<>();
            for (Problem problem : problems.subList(0, Math.min(LINES_MAX, problems.size()))) {
                lines.add(problem.toString());
            }
            if (problems.size() > LINES_MAX) {
                lines.add("and " + (problems.size() - LINES_MAX) + " more");
            }
            return List.copyOf(lines);
        }
    }
}
