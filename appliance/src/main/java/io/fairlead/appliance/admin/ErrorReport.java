package io.fairlead.appliance.admin;

/** The answer to a request that failed. */
public record ErrorReport(String error) {}
