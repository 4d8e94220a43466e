package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.mbps;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.units.Rate;
import weft.units.Time;

/** Published figures of RoCEv2 and of what it needs from switches. */
class RoceV2Test {

  /** Payload efficiency MTU/(MTU + 82), as pingdo.net's RoCEv2 overhead page tabulates it. */
  @ParameterizedTest
  @CsvSource({"256,0.757396", "512,0.861953", "1024,0.925859", "2048,0.961502", "4096,0.980373"})
  void payloadEfficiencyIsThePublishedOne(double mtu, double efficiency) {
    assertEquals(efficiency, mtu / (mtu + RoceV2.OVERHEAD), 5e-7);
  }

  /** rdma-core, rdma_set_option(3): 4.096 us x 2^timeout, 67.108864 ms at 14. */
  @Test
  void theTimeoutDoublesWithItsExponent() {
    RoceV2 transport = RoceV2.lossless(CongestionControl.none());
    assertEquals(new Time(67_108_864_000L), transport.timeout());
    assertEquals(4.294967296, transport.timeout(20).timeout().seconds());
  }

  /**
   * HPCC authors' simulator, run.py: 5 R/25 and 50 R/25 Mb/s, Kmin 100 R/25 and Kmax 400 R/25 kB.
   */
  @ParameterizedTest
  @CsvSource({"25,5,50,100,400", "100,20,200,400,1600", "400,80,800,1600,6400"})
  void defaultsScaleWithTheLink(
      double gigabits, double additive, double hyper, double kmin, double kmax) {
    Rate link = gbps(gigabits);
    Dcqcn dcqcn = Dcqcn.defaults();
    assertEquals(mbps(additive), dcqcn.additiveIncrease(link));
    assertEquals(mbps(hyper), dcqcn.hyperIncrease(link));
    Red marking = RoceV2.lossless(dcqcn).marking();
    assertEquals(kb(kmin).bytes(), marking.kmin(link));
    assertEquals(kb(kmax).bytes(), marking.kmax(link));
  }

  /** The paper's set holds for its own 40 Gb/s and comes with its own marking. */
  @Test
  void thePaperPairsItsParametersWithItsMarking() {
    RoceV2 transport = RoceV2.lossless(Dcqcn.paper());
    assertEquals(mbps(40), Dcqcn.paper().additiveIncrease(gbps(400)));
    assertEquals(Red.of(kb(5), kb(200), 0.01), transport.marking());
  }

  /**
   * SONiC's headroom terms at 400 Gb/s and 100 m: 50,505 B on the cable both ways, 905 quanta of 64
   * B until the peer reacts, a packet at each end.
   */
  @Test
  void headroomAddsUpWhatIsStillUnderWay() {
    Time cable = ns(100 / 1.98e8 * 1e9);
    assertEquals(50_506 + 905 * 64 + 2 * 4178, Pfc.headroom(gbps(400), cable, 4178));
  }

  @Test
  void valuesThatRoceDoesNotHaveAreRefused() {
    RoceV2 any = RoceV2.lossless(CongestionControl.none());
    refused("RoCE's path MTU is 256, 512, 1024, 2048 or 4096 bytes", () -> any.mtu(bytes(1500)));
    refused("timeout stands for 4.096 us x 2^timeout", () -> any.timeout(32));
    refused("Kmax must not lie below Kmin", () -> Red.of(kb(200), kb(5), 0.01));
    refused("Pmax is a probability from 0 to 1", () -> Red.of(kb(5), kb(200), 20));
    refused("PFC's alpha is the share of the free buffer", () -> Pfc.dynamic().alpha(0));
  }

  private static void refused(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }
}
