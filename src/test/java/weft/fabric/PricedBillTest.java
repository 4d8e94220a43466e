package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.cluster.SwitchModel;

/** Parts at their prices. */
class PricedBillTest {
  private static Fabric of(LeafSpine builder) {
    return builder.servers(128, Server.DGX_H100).switches(SwitchModel.SN5600.breakout(2)).build();
  }

  /** 16 leaves and 8 spines, 1,024 cables down and as many up, twin-port modules at switches. */
  @Test
  void everyPartIsCounted() {
    var bill = of(Fabric.railOptimized()).bill();
    double switches = 24.0 * 51_200;
    double modules = 1024.0 * 400 + 3.0 * 512 * 800;
    var prices = new PartPrices(1, 2, 10, Double.NaN, Double.NaN);
    assertEquals(switches + 2 * modules + 10 * 2048, bill.at(prices).total(), 1e-6);
  }

  /** Wang et al., arXiv 2307.12169: rail-only networks cost 38 to 77 % less. */
  @Test
  void railOnlyFabricsCostAsMuchLessAsPublished() {
    var prices = PartPrices.usual();
    double whole = of(Fabric.railOptimized()).bill().at(prices).total();
    double rails = of(Fabric.railOnly()).bill().at(prices).total();
    double less = 1 - rails / whole;
    assertTrue(less > 0.38 && less < 0.77, less + " less");
  }

  @Test
  void whatHasNoPriceIsMissingInTheTableAndInTheSum() {
    var fabric = Fabric.leafSpine().servers(2, Server.DGX_H100).leafRadix(32).cable(ns(10)).build();
    var bill = fabric.bill();
    var usual = bill.at(PartPrices.usual()).table();
    int copper = usual.stringColumn(0).asList().indexOf("cable, DAC 400 Gb/s");
    assertTrue(usual.doubleColumn("cost (1000 US$)").isMissing(copper));
    double known = bill.at(PartPrices.usual().cables(100, 80, 0)).total();
    long cables = usual.longColumn("count").get(copper);
    assertEquals(80.0 * cables, known - bill.at(PartPrices.usual()).total(), 1e-6);
  }

  @Test
  void negativePricesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PartPrices.usual().switchGbps(-1));
  }
}
