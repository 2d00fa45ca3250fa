package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurroundingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "ceph", "9p", "virtiofs", "overlay", "fuse", "fuse.sshfs", "fuseblk"})
    void fileSystemsWhereMappedFilesMisbehaveAreRefusedByName(String type) {
        assertTrue(Surroundings.isRefused(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "zfs", "apfs"})
    void othersAreNot(String type) {
        assertFalse(Surroundings.isRefused(type));
    }
}
