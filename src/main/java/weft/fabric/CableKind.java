package weft.fabric;

/**
 * What a cable is made of, by its length: copper for a few metres, then fibre between transceivers
 * of longer and longer reach. Lengths are those of 100 Gb/s lanes (IEEE 802.3ck copper 2 to 3 m,
 * 802.3db SR 50 m on OM4, 802.3cu DR 500 m and FR 2 km).
 */
public enum CableKind {
  /** Direct-attach copper, at most 3 m; no power. */
  DAC(3),
  /** Active optical cable: fibre with its ends fixed to it, bought in one piece. */
  AOC(30),
  /** Multimode fibre between SR transceivers. */
  SR(50),
  /** Single-mode fibre between DR transceivers. */
  DR(500),
  /** Single-mode fibre between FR transceivers. */
  FR(2000),
  /** Single-mode fibre between transceivers of long reach. */
  LR(Double.POSITIVE_INFINITY);

  private final double metres;

  CableKind(double metres) {
    this.metres = metres;
  }

  /** The longest, m. */
  public double metres() {
    return metres;
  }

  /** Whether a transceiver is plugged in at each end. */
  public boolean hasTransceivers() {
    return this != DAC && this != AOC;
  }

  /**
   * The kind of a cable.
   *
   * @param activeUpTo active optical cables are used up to this length, m; 0 for none
   */
  static CableKind of(Link link, double activeUpTo) {
    if (link.metres() <= DAC.metres) {
      return DAC;
    }
    if (link.metres() <= Math.min(activeUpTo, AOC.metres)) {
      return AOC;
    }
    for (CableKind kind : values()) {
      if (kind.hasTransceivers() && link.metres() <= kind.metres) {
        return kind;
      }
    }
    return LR;
  }
}
