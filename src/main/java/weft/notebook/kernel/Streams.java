package weft.notebook.kernel;

import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Standard output and error of the cells, sent in batches.
 *
 * <p>Text waits at most 50 ms or 64 KiB. One message for each line, as is usual, drowns the
 * notebook server: it drops what comes past 1,000 messages a second.
 */
final class Streams {
  private static final int DELAY_MS = 50;
  private static final int FULL = 64 * 1024;

  /** Changes between the two streams kept in one batch; past them, output comes before error. */
  private static final int MOST_RUNS = 16;

  private record Run(StreamType type, StringBuilder text) {}

  private final Consumer<PublishStream> publish;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "weft-streams");
            thread.setDaemon(true);
            return thread;
          });
  private List<Run> runs = new ArrayList<>();
  private int waiting;
  private boolean scheduled;

  Streams(Consumer<PublishStream> publish) {
    this.publish = publish;
  }

  /** A stream whose text arrives in the notebook. */
  PrintStream stream(StreamType type) {
    return new PrintStream(new Decoding(type), false, StandardCharsets.UTF_8);
  }

  private synchronized void append(StreamType type, CharBuffer text) {
    if (runs.isEmpty() || runs.get(runs.size() - 1).type() != type) {
      runs.add(new Run(type, new StringBuilder()));
    }
    runs.get(runs.size() - 1).text().append(text);
    waiting += text.length();
    if (waiting >= FULL) {
      flush();
    } else if (!scheduled) {
      scheduled = true;
      var unused = clock.schedule(this::flush, DELAY_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends what waits; to be called before the result of a cell. */
  synchronized void flush() {
    scheduled = false;
    List<Run> batch = runs;
    if (batch.isEmpty()) {
      return;
    }
    runs = new ArrayList<>();
    waiting = 0;
    for (Run run : batch.size() <= MOST_RUNS ? batch : merged(batch)) {
      publish.accept(new PublishStream(run.type(), run.text().toString()));
    }
  }

  private static List<Run> merged(List<Run> batch) {
    var out = new Run(StreamType.OUT, new StringBuilder());
    var err = new Run(StreamType.ERR, new StringBuilder());
    for (Run run : batch) {
      (run.type() == StreamType.OUT ? out : err).text().append(run.text());
    }
    return List.of(out, err);
  }

  /** UTF-8 to text, keeping a character whose bytes arrive in two writes. */
  private final class Decoding extends OutputStream {
    private final StreamType type;
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] rest = new byte[0];

    Decoding(StreamType type) {
      this.type = type;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      ByteBuffer in = ByteBuffer.allocate(rest.length + length);
      in.put(rest).put(bytes, offset, length).flip();
      CharBuffer text = CharBuffer.allocate(in.remaining() + 1);
      decoder.decode(in, text, false);
      rest = new byte[in.remaining()];
      in.get(rest);
      append(type, text.flip());
    }
  }
}
