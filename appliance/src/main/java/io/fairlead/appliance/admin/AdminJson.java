package io.fairlead.appliance.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/** The admin socket's records as JSON and back. Components that are null stand there as null. */
public final class AdminJson {

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private AdminJson() {}

    /** Returns a record as JSON. */
    public static String write(Record record) {
        return GSON.toJson(record);
    }

    /** Returns the record that {@code json} holds. @throws MalformedReportException if it holds none of that type */
    public static <T extends Record> T read(Class<T> type, String json) {
        T read;
        try {
            read = GSON.fromJson(json, type);
        } catch (JsonParseException e) {
            throw new MalformedReportException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) { // of the record's constructor
            throw new MalformedReportException(
                    "something is missing (expected: all of a " + type.getSimpleName() + ")", e);
        }
        if (read == null) {
            throw new MalformedReportException("empty (expected: an object)");
        }
        return read;
    }
}
