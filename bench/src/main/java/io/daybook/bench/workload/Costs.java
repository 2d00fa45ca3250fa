package io.daybook.bench.workload;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the whole process has used up: processor time and heap bytes of all threads, also those of the contender's own. */
final class Costs {

    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long cpuNs;
    private long heapBytes;
    private long lastHeapBytes;
    private long startCpuNs;
    private long startHeapBytes;

    /** Counts from here. */
    void start() {
        startHeapBytes = allocated();
        startCpuNs = PROCESS.getProcessCpuTime();
    }

    /** Counts up to here. */
    void stop() {
        cpuNs += PROCESS.getProcessCpuTime() - startCpuNs;
        lastHeapBytes = allocated() - startHeapBytes;
        heapBytes += lastHeapBytes;
    }

    long cpuNs() {
        return cpuNs;
    }

    long heapBytes() {
        return heapBytes;
    }

    /** Of the last time that was counted. */
    long lastHeapBytes() {
        return lastHeapBytes;
    }

    private static long allocated() {
        long bytes = 0;
        for (long thread : THREADS.getAllThreadIds()) {
            bytes += Math.max(0, THREADS.getThreadAllocatedBytes(thread));
        }
        return bytes;
    }
}
