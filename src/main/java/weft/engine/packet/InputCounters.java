package weft.engine.packet;

/**
 * What a switch's buffer knows of one of its inputs.
 *
 * @param port the port whose receiving side this is
 * @param maxHeadroomBytes the most that ever lay in its headroom, bytes
 * @param overruns packets dropped because they came after a pause and the headroom was full
 */
public record InputCounters(int port, long maxHeadroomBytes, long overruns) {}
