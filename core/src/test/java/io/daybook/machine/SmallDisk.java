package io.daybook.machine;

import io.daybook.Host;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own, which this process fills up while another one writes to it. Needs root. */
public final class SmallDisk implements AutoCloseable {

    private static final int[] STEPS = {1 << 20, 64 << 10, 4 << 10, 1};

    private final Path folder;
    private final Path ballast;

    private SmallDisk(Path folder) {
        this.folder = folder;
        ballast = folder.resolve("ballast");
    }

    /** Makes an ext4 file system of so many MiB and mounts it. Skips the test where that cannot be done. */
    public static SmallDisk mount(Path under, long mib, String test) throws IOException, InterruptedException {
        Host.requireRootAnd(test, "mkfs.ext4", "mount", "umount");
        Path image = under.resolve("small.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(mib << 20);
        }
        Path folder = Files.createDirectory(under.resolve("small"));
        boolean mounted = Host.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()) == 0
            && Host.run("mount", "-o", "loop", image.toString(), folder.toString()) == 0;
        Host.require(mounted, test, "no small file system can be made and mounted here");
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    /** Takes all room but so much. */
    public void fillUpTo(long left) throws IOException {
        try (OutputStream out = new FileOutputStream(ballast.toFile(), true)) {
            while (folder.toFile().getUsableSpace() > left) {
                out.write(new byte[64 << 10]);
            }
        }
    }

    /** Takes all room that is left, to the last byte. */
    public void fill() throws IOException {
        try (OutputStream out = new FileOutputStream(ballast.toFile(), true)) {
            for (int step : STEPS) {
                writeWhileItGoes(out, new byte[step]);
            }
        }
    }

    private static void writeWhileItGoes(OutputStream out, byte[] bytes) {
        try {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            return; // no room for this much
        }
    }

    /** Gives so many bytes of the room back. */
    public void free(long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
            file.setLength(file.length() - bytes);
        }
    }

    /** Gives the room back. */
    public void free() throws IOException {
        Files.deleteIfExists(ballast);
    }

    @Override
    public void close() {
        try {
            if (Host.run("umount", folder.toString()) != 0) {
                Host.mustRun("umount", "-l", folder.toString());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
