package io.fairlead.appliance.admin;

import com.google.gson.JsonParseException;

/** A text is not the JSON of the record that was expected. */
public final class MalformedReportException extends JsonParseException {

    private static final long serialVersionUID = 1;

    MalformedReportException(String message) {
        super(message);
    }

    MalformedReportException(String message, Throwable cause) {
        super(message, cause);
    }
}
