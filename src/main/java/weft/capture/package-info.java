/** Frames as they are on the wire, byte for byte, and capture files that Wireshark opens. */
@org.jspecify.annotations.NullMarked
package weft.capture;
