package weft.capture;

import java.util.ArrayList;
import java.util.List;

/** Frames that several tests look at. */
final class Frames {
  static final Station A = Station.gpu(0, 0);
  static final Station B = Station.gpu(1, 2);
  static final long ADDRESS = 0x7F0012345678L;

  private Frames() {}

  static Frame rocev2(Header... transport) {
    return over(List.of(Ethernet.between(A, B), Ipv4.between(A, B), Udp.roce(49_153)), transport);
  }

  static Frame over(List<Header> network, Header... transport) {
    var all = new ArrayList<>(network);
    all.addAll(List.of(transport));
    return Frame.of(all.toArray(new Header[0]));
  }

  /** A frame of this opcode with all the headers that belong to it, and a payload if it may. */
  static Frame of(Opcode opcode, List<Header> network) {
    var transport = new ArrayList<Header>();
    transport.add(Bth.of(opcode, 0x012345).psn(psn(opcode)).askingForAck(true));
    for (Class<? extends Header> extension : opcode.extensions()) {
      transport.add(example(extension));
    }
    Frame frame = over(network, transport.toArray(new Header[0]));
    return carriesPayload(opcode) ? frame.carrying(payload(253)) : frame;
  }

  /** A number that tells opcodes apart. */
  static int psn(Opcode opcode) {
    return 0xABCD00 + opcode.code();
  }

  static boolean carriesPayload(Opcode opcode) {
    return switch (opcode) {
      case RC_RDMA_READ_REQUEST,
          RC_ACKNOWLEDGE,
          RC_ATOMIC_ACKNOWLEDGE,
          RC_COMPARE_SWAP,
          RC_FETCH_ADD,
          CNP ->
          false;
      default -> true;
    };
  }

  static byte[] payload(int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) (31 * i + 7);
    }
    return payload;
  }

  private static Header example(Class<? extends Header> kind) {
    if (kind == Reth.class) {
      return new Reth(ADDRESS, 0xCAFE0001, 1 << 20);
    }
    if (kind == Aeth.class) {
      return new Aeth(Aeth.ACK, 77);
    }
    if (kind == Deth.class) {
      return new Deth(0x11111111, 0x000456);
    }
    if (kind == AtomicEth.class) {
      return new AtomicEth(ADDRESS, 0xCAFE0001, 5, 6);
    }
    if (kind == AtomicAckEth.class) {
      return new AtomicAckEth(41);
    }
    if (kind == ImmediateData.class) {
      return new ImmediateData(0xDEADBEEF);
    }
    return new CnpReserved();
  }
}
