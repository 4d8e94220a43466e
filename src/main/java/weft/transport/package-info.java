/** How bytes are carried: RoCEv2, its congestion control, and the marking and pausing it needs. */
@org.jspecify.annotations.NullMarked
package weft.transport;
