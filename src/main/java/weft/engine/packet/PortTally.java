package weft.engine.packet;

/**
 * What happens at a port now and then, counted apart from it, so that what every hop needs lies on
 * fewer lines of memory.
 */
final class PortTally {
  long marks;
  long drops;
  long trims;
  long lost; // on the cable
  long linkRetries;
  long watchdogDrops;
  long overruns; // packets that came in by this port and found its headroom full
  long droppedBytes; // trimmed and lost ones included
  long frameBytes; // of flow control
  long pausesSent;
  long pausesReceived;
  long maxQueueBefore; // most data that waited until a sample was last taken, bytes
}
