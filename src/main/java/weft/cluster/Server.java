package weft.cluster;

import static weft.units.Units.gbps;

import weft.report.Digits;
import weft.units.Check;
import weft.units.Rate;

/**
 * A server: GPUs joined by NVLink into one domain, each with a NIC of its own into the backend
 * network, and ports for all else into the front-end network (storage, management, users).
 *
 * @param name as the vendor writes it
 * @param gpus GPUs in the server, all in one NVLink domain, at least 1
 * @param accelerator what each of them is
 * @param nic rate of each GPU's own backend NIC
 * @param pcie rate between a GPU and its NIC, per direction
 * @param frontEndPorts ports into the front-end network
 * @param frontEnd rate of each of those
 * @param watts most power that it draws, W; 0 where no figure was found
 */
public record Server(
    String name,
    int gpus,
    Accelerator accelerator,
    Rate nic,
    Rate pcie,
    int frontEndPorts,
    Rate frontEnd,
    double watts) {

  /** PCIe 4.0 x16, 31 GB/s per direction (S. Bekman, Machine Learning Engineering Open Book). */
  public static final Rate PCIE_4 = gbps(248);

  /** PCIe 5.0 x16, 63 GB/s per direction (same source). */
  public static final Rate PCIE_5 = gbps(504);

  /** PCIe 6.0 x16, 121 GB/s per direction (same source). */
  public static final Rate PCIE_6 = gbps(968);

  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public Server {
    Check.notNull("a server's name", name, "write it as the vendor does");
    Check.atLeast(1, "a server's gpus", gpus, "a DGX has 8");
    Check.notNull("a server's accelerator", accelerator, "write for example Accelerator.H100");
    Check.notNull("a server's nic", nic, "write for example gbps(400)");
    Check.notNull("a server's pcie", pcie, "write for example Server.PCIE_5");
    Check.atLeast(0, "a server's frontEndPorts", frontEndPorts, "a DGX has 4");
    Check.notNull("a server's frontEnd rate", frontEnd, "write for example gbps(200)");
    if (!(watts >= 0) || Double.isInfinite(watts)) {
      throw new IllegalArgumentException(
          "a server's power is 0 W or more, but was %s: write 0 where it is not known"
              .formatted(watts));
    }
  }

  /** A server with PCIe 5, without front-end ports and with a power draw that is not known. */
  public Server(String name, int gpus, Accelerator accelerator, Rate nic) {
    this(name, gpus, accelerator, nic, PCIE_5, 0, gbps(200), 0);
  }

  /**
   * NVIDIA DGX A100: eight A100, eight 200 Gb/s backend NICs, four front-end ports (vendor
   * datasheet).
   */
  public static final Server DGX_A100 =
      new Server("DGX A100", 8, Accelerator.A100, gbps(200), PCIE_4, 4, gbps(200), 0);

  /**
   * NVIDIA DGX H100: eight H100, eight 400 Gb/s backend NICs, four front-end ports, at most 10.2 kW
   * (vendor datasheet).
   */
  public static final Server DGX_H100 =
      new Server("DGX H100", 8, Accelerator.H100, gbps(400), PCIE_5, 4, gbps(400), 10_200);

  /** NVIDIA DGX H200: a DGX H100 with eight H200. */
  public static final Server DGX_H200 =
      new Server("DGX H200", 8, Accelerator.H200, gbps(400), PCIE_5, 4, gbps(400), 10_200);

  /** NVIDIA DGX B200: eight B200, eight 400 Gb/s backend NICs, four front-end ports. */
  public static final Server DGX_B200 =
      new Server("DGX B200", 8, Accelerator.B200, gbps(400), PCIE_5, 4, gbps(400), 0);

  /** A server on NVIDIA's HGX A100 board of eight, cabled like a {@link #DGX_A100}. */
  public static final Server HGX_A100 = DGX_A100.named("HGX A100").drawing(0);

  /** A server on NVIDIA's HGX H100 board of eight, cabled like a {@link #DGX_H100}. */
  public static final Server HGX_H100 = DGX_H100.named("HGX H100").drawing(0);

  /** A server on NVIDIA's HGX H200 board of eight, cabled like a {@link #DGX_H200}. */
  public static final Server HGX_H200 = DGX_H200.named("HGX H200").drawing(0);

  /** A server on NVIDIA's HGX B200 board of eight, cabled like a {@link #DGX_B200}. */
  public static final Server HGX_B200 = DGX_B200.named("HGX B200").drawing(0);

  /**
   * NVIDIA GB200 NVL72: a rack of 18 trays that is one NVLink domain of 72 GPUs, each with a 400
   * Gb/s backend NIC; four front-end ports a tray; nominally 120 kW.
   */
  public static final Server GB200_NVL72 =
      new Server("GB200 NVL72", 72, Accelerator.GB200, gbps(400), PCIE_5, 72, gbps(200), 120_000);

  /** Any host of one GPU with one 400 Gb/s NIC, where the inside of servers does not matter. */
  public static final Server HOST = new Server("host", 1, Accelerator.H100, gbps(400));

  /** What is in it, in a line. */
  @Override
  public String toString() {
    return "%s: %d x %s, each with a NIC of %s over PCIe of %s; %s%s"
        .formatted(
            name,
            gpus,
            accelerator.name(),
            nic,
            pcie,
            frontEndPorts == 0
                ? "no front-end ports"
                : "%d front-end ports of %s".formatted(frontEndPorts, frontEnd),
            watts == 0 ? "" : ", at most %s kW".formatted(Digits.of(watts / 1e3)));
  }

  /** This server under another name. */
  public Server named(String other) {
    return new Server(other, gpus, accelerator, nic, pcie, frontEndPorts, frontEnd, watts);
  }

  /** This server with NICs of another rate. */
  public Server nic(Rate rate) {
    return new Server(name, gpus, accelerator, rate, pcie, frontEndPorts, frontEnd, watts);
  }

  /** This server with another PCIe. */
  public Server pcie(Rate rate) {
    return new Server(name, gpus, accelerator, nic, rate, frontEndPorts, frontEnd, watts);
  }

  /** This server with so many front-end ports. */
  public Server frontEnd(int ports, Rate rate) {
    return new Server(name, gpus, accelerator, nic, pcie, ports, rate, watts);
  }

  /** This server drawing so many watts at most; 0 where that is not known. */
  public Server drawing(double most) {
    return new Server(name, gpus, accelerator, nic, pcie, frontEndPorts, frontEnd, most);
  }
}
