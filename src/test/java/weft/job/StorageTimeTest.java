package weft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gb;
import static weft.units.Units.gbps;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weft.cluster.Accelerator;
import weft.cluster.Server;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.experiment.Flow;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelineSchedule;
import weft.parallel.Sharding;
import weft.routing.Spray;
import weft.units.Time;

/** Storage takes what the narrowest part of the path and the published formulas say. */
class StorageTimeTest {
  /** 2,048 sequences a step, tensor 8, pipeline 16, data 128 (Llama Team, 2024, table 4). */
  private static final StepTime LLAMA = large(Transformer.LLAMA3_405B);

  private static StepTime large(Transformer model) {
    var plan =
        ParallelPlan.of(16_384)
            .tensor(8)
            .pipeline(16, PipelineSchedule.interleaved(4))
            .embeddingsAsLayers()
            .sequenceParallel()
            .flashAttention()
            .sharded(Sharding.ZERO_1);
    return Job.training(model).on(2048, Server.DGX_H100).plan(plan).globalBatch(2048).run();
  }

  /** Tectonic as Llama 3 used it: 7,500 servers that sustain 2 TB/s and 7 TB/s at best. */
  private static FrontEnd tectonic(double terabytesPerSecond) {
    var each = gbps(8000 * terabytesPerSecond / 7500);
    return FrontEnd.of(7500, gbps(25)).drives(each, each);
  }

  /** Llama Team 2024, section 3.3.1: each GPU's checkpoint has 1 MB to 4 GB. */
  @Test
  void llamasCheckpointTakesThreeSecondsAtTwoTerabytesASecond() {
    var storage = LLAMA.storage(tectonic(2));
    double bytes = 14.0 * Transformer.LLAMA3_405B.parameters();
    assertEquals(bytes / 2e12, storage.writeSeconds(), 1e-6);
    assertEquals(bytes / 7e12, LLAMA.storage(tectonic(7)).writeSeconds(), 1e-6);
    double shard = (double) storage.checkpointOfGpu().bytes();
    assertEquals(bytes / 16_384, shard, 1);
    assertTrue(shard > 1e6 && shard < 4e9, storage.checkpointOfGpu().toString());
  }

  /**
   * Llama Team 2024, section 3.3.4: over 90 % effective time with a failure every 3.1 h. Ten
   * minutes of repair are assumed.
   */
  @Test
  void llamasStorageLeavesMoreThanNinetyPercentOfTheTime() {
    var interval = LLAMA.storage(tectonic(2)).repairing(600).synchronous();
    assertEquals(3.0931 * 3600, interval.mtbfSeconds(), 1);
    double effective = interval.effective(interval.best());
    assertTrue(effective > 0.9 && effective < 0.99, interval.toString());
  }

  /**
   * Lockwood et al., "LLM training in practice: insights from 85,000 checkpoints" (PDSW 2025): even
   * a trillion parameters need only a few hundred GB/s.
   */
  @Test
  void aFewHundredGigabytesASecondAreEnoughForATrillionParameters() {
    var step = large(Transformer.gpt(126, 25_600, 160).named("a trillion"));
    assertTrue(step.job().model().parameters() > 0.99e12);
    var few = step.storage(FrontEnd.of(64, gbps(200)).drives(gbps(40), gbps(40))).asynchronous();
    var many = step.storage(FrontEnd.of(6400, gbps(200))).asynchronous();
    double lost = many.effective(many.best()) - few.effective(few.best());
    assertTrue(lost < 0.03, "lost " + lost);
  }

  /** Daly, FGCS 22 (2006), figure 3: a day and five minutes make 117 minutes. */
  @Test
  void dalysIntervalIsThePublishedOne() {
    assertEquals(117, CheckpointInterval.of(300, 86_400).daly() / 60, 0.5);
    assertEquals(120, CheckpointInterval.of(300, 86_400).young() / 60, 1e-9);
    assertEquals(100, CheckpointInterval.of(200, 100).daly(), 1e-9);
  }

  /** Kokolis et al., HPCA 2025: (1 - N r (u + t/2)) / (1 + w/t), here of 2,048 nodes. */
  @Test
  void theEffectiveTimeIsThatOfKokolis() {
    double rate = 2048 * 6.5e-3 / 86_400;
    var interval = new CheckpointInterval(60, 0, 300, 1 / rate);
    double expected = (1 - rate * (300 + 1800 / 2.0)) / (1 + 60 / 1800.0);
    assertEquals(expected, interval.effective(1800), 1e-12);
    assertEquals(1.803, 1 / rate / 3600, 1e-3);
  }

  @Test
  void noIntervalIsMuchBetterThanDalys() {
    for (double stop : new double[] {1, 10, 100, 1000}) {
      var interval = CheckpointInterval.of(stop, 11_135);
      double best = interval.effective(interval.best());
      for (double seconds = 10; seconds < 11_135; seconds *= 1.05) {
        assertTrue(interval.effective(seconds) < best + 0.01, stop + " s, every " + seconds);
      }
    }
  }

  @Test
  void writingBehindStopsTheGpusForTheCopyOverPcie() {
    var storage = LLAMA.storage(FrontEnd.of(64, gbps(200)));
    double shard = 14.0 * Transformer.LLAMA3_405B.parameters() / 16_384;
    assertEquals(shard / 63e9, storage.copySeconds(), 1e-9);
    assertTrue(storage.asynchronous().best() >= storage.writeSeconds());
    var waiting = storage.synchronous();
    var behind = storage.asynchronous();
    assertTrue(behind.effective(behind.best()) > waiting.effective(waiting.best()));
  }

  /** 16.8 million token ids of 4 bytes a step are 67 MB; pictures are another matter. */
  @Test
  void textHidesBehindAStepAndPicturesMayNot() {
    var storage = LLAMA.storage(FrontEnd.of(8, gbps(100)));
    assertEquals(4L * 2048 * 8192, storage.data().bytes());
    assertEquals(0, storage.exposedLoadSeconds(), 0);
    var pictures = storage.bytesPerToken(200_000);
    double load = 200_000.0 * 2048 * 8192 / (8 * 12.5e9 * 0.94);
    assertEquals(load, pictures.loadSeconds(), 1e-6);
    assertEquals(load - LLAMA.total().seconds(), pictures.exposedLoadSeconds(), 1e-6);
    double days = storage.forTokens(1e12).days();
    assertTrue(pictures.forTokens(1e12).days() > days);
    assertTrue(days > LLAMA.forTokens(1e12).days());
  }

  /** GPT-3's ids are below 65,500 and have 2 bytes. */
  @Test
  void aSmallVocabularyNeedsTwoBytesAToken() {
    var job = Job.training(Transformer.GPT3_175B).plan(ParallelPlan.of(8).tensor(8)).globalBatch(4);
    assertEquals(2L * 4 * 2048, job.run().storage(FrontEnd.of(2, gbps(100))).data().bytes());
  }

  /** Four ports of 400 Gb/s a server, 94 % of them payload. */
  @Test
  void theNarrowestPartOfThePathLimits() {
    double ports = 0.94 * 4 * 50e9;
    checkLimit("servers' ports", ports, FrontEnd.of(1000, gbps(200)));
    checkLimit("spines", ports / 4, FrontEnd.of(1000, gbps(200)).oversubscription(4));
    checkLimit("storage nodes' ports", 0.94 * 2 * 25e9, FrontEnd.of(2, gbps(200)));
    var slow = FrontEnd.of(2, gbps(200)).drives(gbps(200), gbps(80));
    checkLimit("drives' writes", 2 * 10e9, slow);
    assertEquals("storage nodes' ports", slow.toServers(1, Server.DGX_H100).part());
  }

  private static void checkLimit(String part, double rate, FrontEnd frontEnd) {
    var narrowest = frontEnd.toStorage(1, Server.DGX_H100);
    assertEquals(part, narrowest.part());
    assertEquals(rate, narrowest.bytesPerSecond(), 1);
  }

  /**
   * Eight servers' 32 ports write through a leaf each and the spines into eight storage nodes, one
   * a leaf, as flows: within 6 %, since those have headers and no other loss of a NIC.
   */
  @Test
  void onAConcreteLeafSpineWritesTakeAsLong() {
    var ports = new Server("front end", 4, Accelerator.H100, gbps(400));
    for (double rate : new double[] {100, 200}) {
      var fabric =
          Fabric.leafSpine().servers(8, ports).leafPorts(4, 4).build().storage(8, gbps(rate));
      var flows =
          IntStream.range(0, 32)
              .mapToObj(port -> new Flow(port, 32 + port / 4, gb(1), Time.ZERO))
              .toArray(Flow[]::new);
      var run = Experiment.on(fabric).balancing(Spray.perPacket()).run(Traffic.of(flows));
      var path = FrontEnd.of(8, gbps(rate)).toStorage(8, Server.DGX_H100);
      assertEquals("storage nodes' ports", path.part());
      double expected = 32e9 / path.bytesPerSecond();
      double seconds = run.at(Fidelity.FLOWS).run().completion().seconds();
      assertEquals(expected, seconds, 0.06 * expected);
    }
  }

  @Test
  void theTablesHaveARowForEachErrandAndWayOfWriting() {
    var storage = LLAMA.storage(FrontEnd.of(512, gbps(200))).staging(15.6e12);
    assertEquals(6, storage.table().rowCount());
    assertEquals(
        4 * 15.6e12 / (512 * 25e9 * 0.94), storage.table().doubleColumn("time (s)").get(0), 1e-6);
    assertEquals(2, storage.checkpoints().rowCount());
    assertNotNull(storage.chart().getSeries("written behind"));
  }

  @Test
  void serversWithoutFrontEndPortsAreRefused() {
    var server = Server.DGX_H100.frontEnd(0, gbps(200));
    var step = Job.training(Transformer.LLAMA3_8B).on(1, server).run();
    var error =
        assertThrows(IllegalArgumentException.class, () -> step.storage(FrontEnd.of(2, gbps(100))));
    assertEquals(
        "servers reach storage by their front-end ports, but a DGX H100 has none: write for example server.frontEnd(4, gbps(200))",
        error.getMessage());
  }

  @Test
  void aJobThatFailsBeforeItHasRestartedIsRefused() {
    var storage = LLAMA.storage(FrontEnd.of(1, gbps(100))).failingEvery(0.1);
    var error = assertThrows(IllegalArgumentException.class, () -> storage.forTokens(1e12));
    assertTrue(error.getMessage().endsWith("take faster storage or fewer GPUs"));
  }
}
