package weft.transport;

import java.util.LinkedHashMap;
import java.util.Map;
import weft.units.DataSize;
import weft.units.Time;

/** What the RDMA transports that follow the InfiniBand specification have in common. */
final class Rdma {
  private Rdma() {}

  /** A path MTU that they have. */
  static void checkMtu(String name, DataSize mtu) {
    long b = mtu.bytes();
    if (b < 256 || b > 4096 || Long.bitCount(b) != 1) {
      throw new IllegalArgumentException(
          "%s's path MTU is 256, 512, 1024, 2048 or 4096 bytes, but was %d: write for example bytes(4096)"
              .formatted(name, b));
    }
  }

  /** The verbs attributes {@code timeout} and {@code retry_cnt}. */
  static void checkRetries(int timeoutExponent, int retryCount) {
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

  /** 4.096 us × 2^exponent. */
  static Time timeout(int exponent) {
    return new Time(4_096_000L << exponent);
  }

  /** What a transport's name says of a setting: nothing if it is the usual one. */
  static String unusual(Object setting, Object usual) {
    return setting.equals(usual) ? "" : ", " + setting;
  }

  /** The facts that every transport tells, in the order in which a reader looks for them. */
  static Map<String, String> facts(Transport transport) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("transport", transport.toString());
    facts.put("on the wire", transport.framing().toString());
    facts.put("congestion control", transport.control().parameters());
    facts.put("marking", transport.marking().toString());
    facts.put("full buffers", transport.link().toString());
    transport.spraying().ifPresent(entropy -> facts.put("spraying", entropy.toString()));
    return facts;
  }

  /** The facts of recovery by the verbs attributes. */
  static Map<String, String> facts(
      Transport transport, RoceV2.Reception reception, int timeoutExponent, int retryCount) {
    Map<String, String> facts = facts(transport);
    facts.put("reception", reception.toString());
    facts.put("timeout", "%d (%s)".formatted(timeoutExponent, timeout(timeoutExponent)));
    facts.put("retry count", String.valueOf(retryCount));
    return facts;
  }
}
