package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Halts another JVM at a line of its code, through the JDK's debugger interface: so the product needs no hook for it. */
final class Debugger implements AutoCloseable {

    /** What a JVM prints before the address at which it can be reached. */
    static final String LISTENING = "Listening for transport dt_socket at address: ";

    private final VirtualMachine vm;
    private final Set<Place> passed = new HashSet<>();

    private Debugger(VirtualMachine vm) {
        this.vm = vm;
    }

    /** The flag of a JVM that can be halted; {@code suspended}: it does nothing before {@link #go}. */
    static String flag(boolean suspended) {
        return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=" + (suspended ? "y" : "n") + ",address=127.0.0.1:0";
    }

    /** Attaches to a JVM that printed this line. */
    static Debugger attach(String listening) throws IOException, IllegalConnectorArgumentsException {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(one -> one.transport().name().equals("dt_socket")).findFirst().orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(listening.substring(LISTENING.length()).trim());
        return new Debugger(connector.attach(arguments));
    }

    /** All lines of a step's methods; the JVM must have loaded their classes. Fails if one of them is not there any more. */
    Set<Place> places(Step step) throws AbsentInformationException {
        Set<Place> places = new LinkedHashSet<>();
        for (String line : step.classes()) {
            List<ReferenceType> types = vm.classesByName(Step.classOf(line));
            assertFalse(types.isEmpty(), () -> step + " names a class that is not there: " + line);
            for (String name : Step.methodsOf(line)) {
                List<Method> methods = types.get(0).methodsByName(name);
                assertFalse(methods.isEmpty(), () -> step + " names a method that is not there: " + Step.classOf(line) + "." + name);
                for (Method method : methods) {
                    for (Location location : method.allLineLocations()) {
                        places.add(new Place(step, Step.classOf(line), name, location.lineNumber()));
                    }
                }
            }
        }
        return places;
    }

    /** From now on whoever comes to this line for the given time, or to one of the rare ones, is halted: alone, or with all others. */
    void haltAt(Place place, int passage, Collection<Place> rare, boolean alone) throws AbsentInformationException {
        EventRequestManager requests = vm.eventRequestManager();
        requests.deleteAllBreakpoints();
        requests.deleteEventRequests(List.copyOf(requests.classPrepareRequests()));
        int suspended = alone ? EventRequest.SUSPEND_EVENT_THREAD : EventRequest.SUSPEND_ALL;
        for (Place other : rare) {
            set(new Halt(other, 1, suspended));
        }
        set(new Halt(place, passage, suspended));
    }

    /** Notes who passes these lines, and halts nobody. */
    void watch(Collection<Place> places) throws AbsentInformationException {
        for (Place place : places) {
            set(new Halt(place, 1, EventRequest.SUSPEND_NONE));
        }
    }

    private void set(Halt halt) throws AbsentInformationException {
        List<ReferenceType> loaded = vm.classesByName(halt.place.className());
        if (loaded.isEmpty()) {
            ClassPrepareRequest prepared = vm.eventRequestManager().createClassPrepareRequest();
            prepared.addClassFilter(halt.place.className());
            prepared.setSuspendPolicy(EventRequest.SUSPEND_ALL);
            prepared.putProperty(Place.class, halt);
            prepared.enable();
            loaded = vm.classesByName(halt.place.className()); // or it was loaded meanwhile
        }
        for (ReferenceType type : loaded) {
            halt.set(type);
        }
    }

    private record Halt(Place place, int passage, int suspended) {
        void set(ReferenceType type) throws AbsentInformationException {
            for (Method method : type.methodsByName(place.method())) {
                for (Location location : method.locationsOfLine(place.line())) {
                    BreakpointRequest request = type.virtualMachine().eventRequestManager().createBreakpointRequest(location);
                    request.addCountFilter(passage);
                    request.setSuspendPolicy(suspended);
                    request.putProperty(Place.class, place);
                    request.enable();
                }
            }
        }
    }

    /** Lets a JVM go on that was started suspended. */
    void go() {
        vm.resume();
    }

    /** Waits until somebody was halted, at most so long, and answers where; null if nobody was. */
    Place awaitHalt(long ms) throws InterruptedException, AbsentInformationException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            EventSet events = left <= 0 ? null : vm.eventQueue().remove(left);
            if (events == null) {
                return null;
            }
            Place halted = null;
            for (Event event : events) {
                if (event instanceof BreakpointEvent at) {
                    halted = (Place) at.request().getProperty(Place.class);
                    passed.add(halted);
                } else if (event instanceof ClassPrepareEvent prepared) {
                    ((Halt) prepared.request().getProperty(Place.class)).set(prepared.referenceType());
                }
            }
            if (halted != null && events.suspendPolicy() != EventRequest.SUSPEND_NONE) {
                return halted;
            }
            events.resume();
        }
    }

    /** The places that somebody came to. */
    Set<Place> passed() {
        return passed;
    }

    /** Lets go of a JVM, which goes on if it lives. */
    @Override
    public void close() {
        try {
            vm.dispose();
        } catch (VMDisconnectedException e) {
            return; // it was killed
        }
    }
}
