package weft.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weft.capture.Tshark;

/**
 * What a lab said on its cable, as Wireshark sees it. Its guess at RPC over RDMA stumbles over
 * sends of less than 20 bytes, so these have more.
 */
class LabCaptureTest {
  @Test
  void aRefusedReadIsInTheCapture(@TempDir Path folder) {
    Tshark.assume();
    var pair = Pair.reliable();
    pair.memoryA.put("sent over the wire");
    pair.b.receive(1, pair.memoryB.all());
    pair.a.post(WorkRequest.send(pair.memoryA.piece(0, 40)));
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 100), pair.memoryB.remote(0).rkey(0xBAD)));
    pair.lab.run();
    var tshark = new Tshark(pair.lab.packets().save(folder.resolve("lab.pcapng").toString()));
    assertEquals(List.of(), tshark.complaints());
    assertEquals(
        List.of(
            "a > b 4 0x000111 0",
            "a > b 12 0x000111 1 0x00000bad 100",
            "b > a 17 0x000011 0 0",
            "b > a 17 0x000011 1 3 2"),
        tshark.fields(
            "frame.interface_name",
            "infiniband.bth.opcode",
            "infiniband.bth.destqp",
            "infiniband.bth.psn",
            "infiniband.aeth.syndrome.opcode",
            "infiniband.aeth.syndrome.error_code",
            "infiniband.reth.r_key",
            "infiniband.reth.dmalen"));
    assertEquals(
        List.of("73656e74"),
        tshark.fields("data.data").stream().map(p -> p.substring(0, 8)).toList());
  }

  @Test
  void theTableTellsWhoSaidWhat() {
    var pair = Pair.reliable();
    pair.a.post(WorkRequest.read(pair.memoryA.piece(0, 100), pair.memoryB.remote(0).rkey(0xBAD)));
    pair.lab.run();
    String table = pair.lab.packets().table().toString();
    assertTrue(table.contains("RC RDMA READ REQUEST"), table);
    assertTrue(table.contains("NAK remote access error"), table);
  }
}
