package io.fairlead.appliance.doctor;

/** How bad a finding is, the least first. */
public enum Severity {
    /** As it should be. */
    OK("ok"),
    /** Could not be looked at. */
    UNKNOWN("unknown"),
    /** Works, and may surprise. */
    WARNING("warning"),
    /** Something does not work. */
    ERROR("error");

    private final String configName;

    Severity(String configName) {
        this.configName = configName;
    }

    /** Returns the name in tables and JSON. */
    public String configName() {
        return configName;
    }
}
