package weft.cluster;

import static weft.units.Units.gbps;

import weft.units.Check;
import weft.units.Rate;

/**
 * A server: GPUs joined by NVLink, each with one NIC into the backend network.
 *
 * @param name as the vendor writes it
 * @param gpus GPUs in the server, at least 1
 * @param accelerator what each of them is
 * @param nic rate of each GPU's own backend NIC
 */
public record Server(String name, int gpus, Accelerator accelerator, Rate nic) {
  /**
   * @throws IllegalArgumentException if there is no GPU
   */
  public Server {
    Check.notNull("a server's name", name, "write it as the vendor does");
    Check.atLeast(1, "a server's gpus", gpus, "a DGX has 8");
    Check.notNull("a server's accelerator", accelerator, "write for example Accelerator.H100");
    Check.notNull("a server's nic", nic, "write for example gbps(400)");
  }

  /** NVIDIA DGX H100: eight H100, eight 400 Gb/s backend NICs (vendor datasheet). */
  public static final Server DGX_H100 = new Server("DGX H100", 8, Accelerator.H100, gbps(400));

  /** NVIDIA DGX A100: eight A100, eight 200 Gb/s backend NICs (vendor datasheet). */
  public static final Server DGX_A100 = new Server("DGX A100", 8, Accelerator.A100, gbps(200));

  /** Any host of one GPU with one 400 Gb/s NIC, where the inside of servers does not matter. */
  public static final Server HOST = new Server("host", 1, Accelerator.H100, gbps(400));

  /** This server with NICs of another rate. */
  public Server nic(Rate rate) {
    return new Server(name, gpus, accelerator, rate);
  }
}
