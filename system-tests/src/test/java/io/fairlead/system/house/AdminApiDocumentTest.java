package io.fairlead.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.appliance.admin.AdminApi;
import io.fairlead.appliance.admin.AdminRoute;
import io.fairlead.appliance.admin.CheckRequest;
import io.fairlead.appliance.admin.ErrorReport;
import io.fairlead.appliance.admin.HaRequest;
import io.fairlead.appliance.admin.OperatorRequest;
import io.fairlead.appliance.admin.PlanRequest;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the code does: every route, every parameter, every field with its type, and nothing else. */
class AdminApiDocumentTest {

    private final OpenApiDocument document = OpenApiDocument.read();

    @Test
    void knowsEveryRouteWithItsParameters() {
        Map<String, Set<String>> routes = new TreeMap<>();
        for (AdminRoute route : AdminRoute.values()) {
            routes.put(route.methodAndPath(), new TreeSet<>(route.parameters()));
        }

        assertThat(document.routes()).isEqualTo(routes);
    }

    @Test
    void knowsEveryFieldWithItsType() {
        Map<String, Map<String, String>> records = new TreeMap<>();
        for (Method answer : AdminApi.class.getMethods()) {
            add(answer.getReturnType(), records);
        }
        for (Class<?> other : List.of(
                ErrorReport.class, CheckRequest.class, HaRequest.class, OperatorRequest.class, PlanRequest.class)) {
            add(other, records);
        }

        assertThat(lines(document.schemas()))
                .as("fields in admin-api.yaml, beside those of the records")
                .containsExactlyElementsOf(lines(records));
    }

    /** One for each field, so that a difference can be read. */
    private static List<String> lines(Map<String, Map<String, String>> schemas) {
        return schemas.entrySet().stream()
                .flatMap(schema -> schema.getValue().entrySet().stream()
                        .map(field -> schema.getKey() + "." + field.getKey() + ": " + field.getValue()))
                .toList();
    }

    private static void add(Class<?> type, Map<String, Map<String, String>> records) {
        if (!type.isRecord() || records.containsKey(type.getSimpleName())) {
            return;
        }
        Map<String, String> fields = new TreeMap<>();
        records.put(type.getSimpleName(), fields);
        for (RecordComponent component : type.getRecordComponents()) {
            boolean isNullable = isNullable(component.getAnnotatedType());
            fields.put(component.getName(), typeOf(component.getGenericType(), records) + (isNullable ? "?" : ""));
        }
    }

    private static boolean isNullable(AnnotatedType type) {
        return Arrays.stream(type.getAnnotations()).anyMatch(Nullable.class::isInstance);
    }

    private static String typeOf(Type type, Map<String, Map<String, String>> records) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            String inner = typeOf(arguments[arguments.length - 1], records);
            return List.class.equals(generic.getRawType()) ? "[" + inner + "]" : "{" + inner + "}";
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            add(plain, records);
            return plain.getSimpleName();
        }
        return switch (plain.getSimpleName()) {
            case "int", "long", "Integer", "Long" -> "integer";
            case "double", "Double" -> "number";
            case "boolean", "Boolean" -> "boolean";
            default -> "string"; // texts, and enums by their names
        };
    }
}
