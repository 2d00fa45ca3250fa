package io.daybook.append;

import io.daybook.journal.JournalWriter;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;

/** Stands between a writer and Chronicle, and throws where it is told to, once. */
final class FaultyAppender {

    enum Fault { NONE, OPEN, WIRE, BEFORE_CLOSE, AFTER_CLOSE }

    private Fault next = Fault.NONE;

    private final Object tail;

    private FaultyAppender(Object tail) {
        this.tail = tail;
    }

    static FaultyAppender in(JournalWriter writer) throws ReflectiveOperationException {
        Field tail = JournalWriter.class.getDeclaredField("tail");
        tail.setAccessible(true);
        FaultyAppender faulty = new FaultyAppender(tail.get(writer));
        Field field = JournalWriter.class.getDeclaredField("appender");
        field.setAccessible(true);
        Object appender = field.get(writer);
        field.set(writer, proxy(ExcerptAppender.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("writingDocument")) {
                return call(appender, method, arguments);
            }
            faulty.throwAt(Fault.OPEN);
            return faulty.document((DocumentContext) call(appender, method, arguments));
        }));
        return faulty;
    }

    private DocumentContext document(DocumentContext document) {
        return proxy(DocumentContext.class, (proxy, method, arguments) -> {
            if (method.getName().equals("wire")) {
                throwAt(Fault.WIRE);
            }
            boolean close = method.getName().equals("close");
            if (close) {
                throwAt(Fault.BEFORE_CLOSE);
            }
            Object result = call(document, method, arguments);
            if (close) {
                throwAt(Fault.AFTER_CLOSE);
            }
            return result;
        });
    }

    /** Also makes sure that Chronicle is asked for the next document. */
    void failNext(Fault fault) throws ReflectiveOperationException {
        next = fault;
        Method end = tail.getClass().getDeclaredMethod("end");
        end.setAccessible(true);
        end.invoke(tail);
    }

    private void throwAt(Fault fault) {
        if (next == fault) {
            next = Fault.NONE;
            throw new IllegalStateException("fault=" + fault);
        }
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
