package io.fairlead.cli.command;

/** How a list is printed. */
enum ListFormat {
    TABLE,
    WIDE,
    JSON
}
