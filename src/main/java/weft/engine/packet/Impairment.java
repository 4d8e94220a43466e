package weft.engine.packet;

/** What may be the matter with what leaves a port, besides that it is dead. */
final class Impairment {
  double lossProbability; // of a packet
  double logBitKept; // logarithm of the probability that a bit is right
  double slowness; // how many times as long as sending took data waits after each packet
  long gapPs; // of the time the port is busy, what it waits after a slow host's packet

  boolean exists() {
    return lossProbability > 0 || logBitKept < 0 || slowness > 0;
  }
}
