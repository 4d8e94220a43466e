package weft.verbs;

/**
 * Where a datagram goes: the address handle, number and key of a UD queue pair.
 *
 * @param device the other device
 * @param queuePair the receiver's number, 24 bits
 * @param qkey the receiver's key
 */
public record Datagram(Device device, int queuePair, int qkey) {}
