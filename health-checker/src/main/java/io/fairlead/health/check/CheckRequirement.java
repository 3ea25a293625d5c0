package io.fairlead.health.check;

/** How many of the checks of one real server must be healthy. */
public enum CheckRequirement {
    /** Every one. */
    ALL,
    /** At least one. */
    ANY
}
