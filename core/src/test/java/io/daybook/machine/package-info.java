/** Tests against what a machine does to a store: power cuts, full disks, failing devices, little memory. They need root and Linux. */
package io.daybook.machine;
