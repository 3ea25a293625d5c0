package io.fairlead.conf;

import io.fairlead.health.check.CheckSpec;

/** Something whose failure changes the priority of a unit, or is its fault. */
public sealed interface TrackedThing {

    /** How it is named to people, once in a unit. */
    String label();

    /** Fails while the interface is missing, switched off, or without carrier. */
    record NetworkInterface(String name) implements TrackedThing {
        @Override
        public String label() {
            return "interface " + name;
        }
    }

    /** Fails while the virtual server has not its quorum. */
    record VirtualServer(String name) implements TrackedThing {
        @Override
        public String label() {
            return "virtual-server " + name;
        }
    }

    /**
     * Fails while no process of that name runs.
     *
     * @param name as in {@code /proc/PID/comm}: at most 15 bytes
     */
    record Program(String name) implements TrackedThing {
        @Override
        public String label() {
            return "process " + name;
        }
    }

    /** Fails while a script or file does, with the rise and fall of its check. */
    record Check(String name, CheckSpec spec) implements TrackedThing {
        @Override
        public String label() {
            return spec.probe().type() + " " + name;
        }
    }
}
