package weft.transport;

import static weft.units.Units.bytes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.fabric.Fabric;
import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * RDMA over converged Ethernet, version 2: reliable connections, go-back-N, UDP port 4791.
 *
 * <p>MTU is the payload of one packet; on the wire a packet carries {@link #OVERHEAD} more (IPv4:
 * preamble 8, Ethernet 14, IP 20, UDP 8, BTH 12, ICRC 4, FCS 4, gap 12), its first packet a RETH
 * besides. An acknowledgement takes {@link #ACK_WIRE}, a CNP {@link #CNP_WIRE}.
 *
 * @param mtu payload of a full packet: 256, 512, 1024, 2048 or 4096 bytes
 * @param control how queue pairs choose their rate
 * @param marking where switches set the ECN mark
 * @param pfc pause frames, or {@code null} for a network that drops when its buffer is full
 * @param reception what the receiver does with a packet ahead of its turn
 * @param timeoutExponent the verbs attribute {@code timeout}: 4.096 us × 2^timeout without an
 *     acknowledgement and the sender goes back, a queue pair that it happens to again waits up to
 *     twice as long; 1 to 31
 * @param retryCount the verbs attribute {@code retry_cnt}, 0 to 7: timeouts in a row after which a
 *     queue pair gives up with {@code IBV_WC_RETRY_EXC_ERR}
 */
public record RoceV2(
    DataSize mtu,
    CongestionControl control,
    Red marking,
    @Nullable Pfc pfc,
    Reception reception,
    int timeoutExponent,
    int retryCount) {

  /** Bytes a packet adds to its payload on the wire, preamble and inter-frame gap included. */
  public static final int OVERHEAD = 82;

  /** Bytes of the RETH that the first packet of an RDMA WRITE carries besides. */
  public static final int RETH = 16;

  /** An acknowledgement on the wire: 66 B frame, preamble 8, gap 12. */
  public static final int ACK_WIRE = 86;

  /** A congestion notification packet on the wire: 78 B frame, preamble 8, gap 12. */
  public static final int CNP_WIRE = 98;

  /** A pause frame on the wire: 64 B frame, preamble 8, gap 12. */
  public static final int PAUSE_WIRE = 84;

  /** What a receiver does with a packet that arrives ahead of its turn. */
  public enum Reception {
    /** Drops it and answers NAK; the sender goes back to the missing packet. */
    IN_ORDER,
    /** Writes it where it belongs; only a timeout makes the sender go back. */
    DIRECT_DATA_PLACEMENT
  }

  /**
   * @throws IllegalArgumentException if a value is not one that RoCE allows
   */
  public RoceV2 {
    Check.notNull("RoCE's mtu", mtu, "write for example bytes(4096)");
    Check.notNull("RoCE's control", control, "write Dcqcn.defaults() or CongestionControl.none()");
    Check.notNull("RoCE's marking", marking, "write Red.scaled()");
    Check.notNull("RoCE's reception", reception, "write Reception.IN_ORDER");
    long b = mtu.bytes();
    if (b < 256 || b > 4096 || Long.bitCount(b) != 1) {
      throw new IllegalArgumentException(
          "RoCE's path MTU is 256, 512, 1024, 2048 or 4096 bytes, but was "
              + b
              + ": write for example bytes(4096)");
    }
    if (timeoutExponent < 1 || timeoutExponent > 31) {
      throw new IllegalArgumentException(
          "timeout stands for 4.096 us x 2^timeout and lies from 1 to 31, but was "
              + timeoutExponent
              + ": 14 is 67 ms");
    }
    if (retryCount < 0 || retryCount > 7) {
      throw new IllegalArgumentException(
          "retry_cnt has three bits, 0 to 7, but was " + retryCount + ": 7 is usual");
    }
  }

  /**
   * A lossless network: {@link Pfc#dynamic()}, MTU 4096, marking as the congestion control's source
   * sets it, in-order reception, timeout 14 (67 ms), 7 retries.
   */
  public static RoceV2 lossless(CongestionControl control) {
    return lossy(control).pausing(Pfc.dynamic());
  }

  /** As {@link #lossless}, without pause frames: a full buffer drops. */
  public static RoceV2 lossy(CongestionControl control) {
    Check.notNull("RoCE's control", control, "write Dcqcn.defaults() or CongestionControl.none()");
    return new RoceV2(bytes(4096), control, control.marking(), null, Reception.IN_ORDER, 14, 7);
  }

  /** The pause settings, when there are any. */
  public Optional<Pfc> pausing() {
    return Optional.ofNullable(pfc);
  }

  /** With pause frames of these settings. */
  public RoceV2 pausing(Pfc settings) {
    Check.notNull("pausing", settings, "write Pfc.dynamic(), or begin with RoceV2.lossy(...)");
    return new RoceV2(mtu, control, marking, settings, reception, timeoutExponent, retryCount);
  }

  /** With another path MTU. */
  public RoceV2 mtu(DataSize payload) {
    return new RoceV2(payload, control, marking, pfc, reception, timeoutExponent, retryCount);
  }

  /** With another marking profile. */
  public RoceV2 marking(Red profile) {
    return new RoceV2(mtu, control, profile, pfc, reception, timeoutExponent, retryCount);
  }

  /** With receivers that place packets in any order, which packet spraying needs. */
  public RoceV2 directDataPlacement() {
    return new RoceV2(
        mtu, control, marking, pfc, Reception.DIRECT_DATA_PLACEMENT, timeoutExponent, retryCount);
  }

  /** With another acknowledgement timeout exponent, 1 to 31. */
  public RoceV2 timeout(int exponent) {
    return new RoceV2(mtu, control, marking, pfc, reception, exponent, retryCount);
  }

  /** The acknowledgement timeout: 4.096 us × 2^timeout. */
  public Time timeout() {
    return new Time(4_096_000L << timeoutExponent);
  }

  /** What is needed to set it up again, for provenance. */
  public Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("transport", toString());
    facts.put("congestion control", control.parameters());
    facts.put("marking", marking.toString());
    facts.put("PFC", pfc == null ? "none" : "alpha " + Digits.of(pfc.alpha()));
    facts.put("reception", reception.toString());
    facts.put("timeout", "%d (%s)".formatted(timeoutExponent, timeout()));
    facts.put("retry count", String.valueOf(retryCount));
    return facts;
  }

  /**
   * Checks that packets carry what the congestion control listens to.
   *
   * @throws IllegalArgumentException if it needs the telemetry of switches, or credit
   */
  public void checkControl() {
    boolean telemetry = control.signals().contains(CongestionControl.Signal.TELEMETRY);
    if (telemetry || control.credit().isPresent()) {
      throw new IllegalArgumentException(
          "RoCEv2's packets bring a sender CNPs, echoes of marks and round trip times, but %s needs %s: choose for example Dcqcn.defaults() or Swift.defaults()"
              .formatted(control, telemetry ? "the telemetry of switches" : "credit"));
    }
  }

  /**
   * Checks that the switches of a fabric that may drop have room for a packet at all.
   *
   * @throws IllegalArgumentException if their buffer is smaller than one
   */
  public void checkBuffer(Fabric fabric) {
    long largest = mtu.bytes() + OVERHEAD + RETH;
    for (int n = 0; n < fabric.nodes().size(); n++) {
      if (fabric.bufferOf(n).bytes() < largest) {
        throw new IllegalArgumentException(
            "a switch's buffer holds at least one packet of %d B, but was %d B: raise the fabric's buffer or lower the MTU"
                .formatted(largest, fabric.bufferOf(n).bytes()));
      }
    }
  }

  @Override
  public String toString() {
    return "RoCEv2, %s, MTU %d B, %s%s"
        .formatted(
            pfc == null ? "lossy" : "lossless by PFC",
            mtu.bytes(),
            control,
            reception == Reception.IN_ORDER ? "" : ", direct data placement");
  }
}
