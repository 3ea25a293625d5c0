package io.fairlead.cli.command;

/** How a command prints what it found. */
enum OutputFormat {
    TABLE,
    JSON
}
