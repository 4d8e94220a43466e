package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.us;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A comparison names its rows by their transports, so variants must not be called alike. */
class TransportNamesTest {
  private static final RoceV2 ROCE = RoceV2.lossless(Dcqcn.defaults());
  private static final Uet UET = Uet.defaults();

  @Test
  void variantsAreToldApart() {
    List<Transport> variants =
        List.of(
            ROCE,
            ROCE.marking(Red.of(kb(50), kb(50), 1)),
            ROCE.framing(RoceV2.IPV6),
            ROCE.pausing(Pfc.dynamic().alpha(1)),
            ROCE.pausing(Pfc.dynamic().watchdog(us(200))),
            RoceV2.lossy(Dcqcn.defaults()),
            UET,
            UET.ordered(),
            UET.link(Pfc.dynamic()),
            UET.link(Credits.enough()),
            UET.retryingLinks(),
            UET.spraying(Entropy.random()),
            UET.timeout(us(50)),
            InfiniBand.defaults(),
            InfiniBand.defaults().credits(Credits.of(kib(64))),
            InfiniBand.defaults().framing(InfiniBand.GLOBAL));
    Stream<String> names = variants.stream().map(Object::toString);
    assertEquals(variants.size(), names.distinct().count());
  }

  @Test
  void whatIsUsualIsNotNamed() {
    assertEquals("UET, RUD, MTU 4096 B, NSCC (target 0.75 RTT)", UET.toString());
    assertEquals(
        "RoCEv2, lossless by PFC, alpha 0.125, watchdog 200 us, MTU 4096 B, no congestion control",
        RoceV2.lossless(CongestionControl.none())
            .pausing(Pfc.dynamic().watchdog(us(200)))
            .toString());
  }
}
