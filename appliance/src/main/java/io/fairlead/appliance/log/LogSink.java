package io.fairlead.appliance.log;

/** Where records go. Any thread; never fails its caller. */
interface LogSink {

    void write(LogRecord entry);
}
