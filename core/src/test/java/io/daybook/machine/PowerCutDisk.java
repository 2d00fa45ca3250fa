package io.daybook.machine;

import io.daybook.Host;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * A disk that can be photographed at any instant: the image of an ext4 file system lies in an XFS one, which copies a file at once by
 * sharing its blocks. What was forced on the ext4 is in its image; what was only written need not be, as in a power cut. Needs root.
 */
public final class PowerCutDisk implements AutoCloseable {

    private static final String WITH_BOOT_ID = "mount --bind \"$1\" /proc/sys/kernel/random/boot_id && shift && exec \"$@\"";
    private static final long OUTER_BYTES = 3L << 30;
    private static final long INNER_BYTES = 1L << 30;

    private final Path outer;
    private final Path inner;
    private final Path cut;
    private final Path innerImage;
    private final Path cutImage;
    private boolean cutMounted;
    private boolean innerMounted;
    private boolean outerMounted;

    private PowerCutDisk(Path under) {
        outer = under.resolve("outer");
        inner = under.resolve("inner");
        cut = under.resolve("cut");
        innerImage = outer.resolve("inner.img");
        cutImage = outer.resolve("cut.img");
    }

    /** Makes both file systems and mounts them. Skips the test where that cannot be done. */
    public static PowerCutDisk mount(Path under, String test) throws IOException, InterruptedException {
        Host.requireRootAnd(test, "mkfs.xfs", "mkfs.ext4", "mount", "umount", "cp", "unshare");
        PowerCutDisk disk = new PowerCutDisk(under);
        for (Path folder : new Path[] {disk.outer, disk.inner, disk.cut}) {
            Files.createDirectory(folder);
        }
        Path outerImage = under.resolve("outer.img");
        makeSparse(outerImage, OUTER_BYTES);
        disk.outerMounted = Host.run("mkfs.xfs", "-q", "-f", "-m", "reflink=1", outerImage.toString()) == 0
            && Host.run("mount", "-o", "loop", outerImage.toString(), disk.outer.toString()) == 0;
        Host.require(disk.outerMounted, test, "no XFS can be made and mounted here");
        try {
            disk.clear();
        } catch (IOException | InterruptedException | AssertionError e) {
            disk.close();
            throw e;
        }
        return disk;
    }

    private static void makeSparse(Path image, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    /** An empty disk. Nobody may be using it. */
    public void clear() throws IOException, InterruptedException {
        unmountInner();
        Files.deleteIfExists(innerImage);
        makeSparse(innerImage, INNER_BYTES);
        Host.mustRun("mkfs.ext4", "-q", "-F", innerImage.toString());
        mountInner();
    }

    private void mountInner() throws InterruptedException {
        Host.mustRun("mount", "-o", "loop", innerImage.toString(), inner.toString());
        innerMounted = true;
    }

    private void unmountInner() throws InterruptedException {
        if (innerMounted) {
            unmount(inner);
            innerMounted = false;
        }
    }

    /** Begins the command line of a process that sees another boot id than this JVM: the machine was started again in between. */
    public static List<String> onBoot(UUID bootId, Path folder) throws IOException {
        Path file = folder.resolve("boot-id-" + bootId);
        Files.writeString(file, bootId + "\n");
        return List.of("unshare", "-m", "sh", "-c", WITH_BOOT_ID, "sh", file.toString());
    }

    /** Where the writer works. */
    public Path inner() {
        return inner;
    }

    /** The power goes, as far as the photograph is concerned; the writer goes on. */
    public void photograph() throws InterruptedException {
        Host.mustRun("cp", "--reflink=always", innerImage.toString(), cutImage.toString());
    }

    /** The machine starts again: what the disk held in the photograph, to be looked at until {@link #dropCut()}. */
    public Path mountCut() throws InterruptedException {
        Host.mustRun("mount", "-o", "loop", cutImage.toString(), cut.toString());
        cutMounted = true;
        return cut;
    }

    /** Done with the photograph. */
    public void dropCut() throws IOException, InterruptedException {
        unmountCut();
        Files.deleteIfExists(cutImage);
    }

    /** The photograph, with what was done to it since, is the disk from now on. Nobody may be using either. */
    public void goOnFromCut() throws IOException, InterruptedException {
        unmountCut();
        unmountInner();
        Files.delete(innerImage);
        Files.move(cutImage, innerImage);
        mountInner();
    }

    private void unmountCut() throws InterruptedException {
        if (cutMounted) {
            unmount(cut);
            cutMounted = false;
        }
    }

    private static void unmount(Path folder) throws InterruptedException {
        if (Host.run("umount", folder.toString()) != 0) {
            Host.mustRun("umount", "-l", folder.toString());
        }
    }

    @Override
    public void close() {
        try {
            unmountCut();
            unmountInner();
            if (outerMounted) {
                unmount(outer);
                outerMounted = false;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
