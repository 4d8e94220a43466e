package weft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A server named in a cell shows what is in it. */
class ServerTest {
  @Test
  void aLineSaysWhatIsInIt() {
    assertEquals(
        "DGX H100: 8 x H100 SXM, each with a NIC of 400 Gb/s over PCIe of 504 Gb/s;"
            + " 4 front-end ports of 400 Gb/s, at most 10.2 kW",
        Server.DGX_H100.toString());
    assertEquals(
        "host: 1 x H100 SXM, each with a NIC of 400 Gb/s over PCIe of 504 Gb/s; no front-end ports",
        Server.HOST.toString());
  }
}
