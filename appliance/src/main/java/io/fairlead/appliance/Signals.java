package io.fairlead.appliance;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Handles POSIX signals through {@code sun.misc.Signal}, the only way that the JDK has. By reflection, because naming an
 * unsupported class is a warning that cannot be silenced, and warnings fail our build.
 */
public final class Signals {

    private Signals() {}

    /**
     * Has {@code action} run, on a thread of its own, each time the signal arrives.
     *
     * @param name without SIG: {@code HUP}, {@code TERM}
     */
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> invoke(proxy, method, arguments, action);
            Object handler =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, invocation);
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot handle SIG" + name + ": module jdk.unsupported is missing", e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the contract of equals for an object without a value
    private static @Nullable Object invoke(Object proxy, Method method, Object[] arguments, Runnable action) {
        return switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "signal handler";
        };
    }
}
