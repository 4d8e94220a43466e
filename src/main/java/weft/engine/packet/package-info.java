/**
 * Every packet, mark, pause and loss: RoCEv2 queue pairs over store-and-forward switches.
 *
 * <p>{@link weft.engine.packet.PacketEngine} is the way in. Inside, everything is an id over
 * parallel arrays: a port is one direction of a link, a packet a slot with a free list, a queue a
 * linked list through the slots, and a link has one pending event however many packets it carries.
 */
@org.jspecify.annotations.NullMarked
package weft.engine.packet;
