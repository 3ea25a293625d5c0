package io.fairlead.appliance.doctor;

/**
 * What one check found.
 *
 * @param check its name, which does not change
 * @param found what is so
 * @param remedy what to do; empty if nothing
 */
public record Finding(String check, Severity severity, String found, String remedy) {

    static Finding ok(String check, String found) {
        return new Finding(check, Severity.OK, found, "");
    }

    static Finding warning(String check, String found, String remedy) {
        return new Finding(check, Severity.WARNING, found, remedy);
    }

    static Finding error(String check, String found, String remedy) {
        return new Finding(check, Severity.ERROR, found, remedy);
    }

    static Finding unknown(String check, String found, String remedy) {
        return new Finding(check, Severity.UNKNOWN, found, remedy);
    }
}
