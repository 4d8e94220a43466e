package weft.engine.packet;

/** What a port counts for one traffic class; kept only where there are several. */
final class ClassTally {
  long bytes;
  long packets;
  long marks;
  long drops;
  long pausesSent;
  long pausesReceived;
  long maxQueueBytes;

  void sent(int wire) {
    bytes += wire;
    packets++;
  }
}
