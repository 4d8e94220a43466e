package weft.notebook.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.KernelTimestamp;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.adapters.HeaderAdapter;
import io.github.spencerpark.jupyter.messages.adapters.HistoryRequestAdapter;
import io.github.spencerpark.jupyter.messages.adapters.KernelTimestampAdapter;
import io.github.spencerpark.jupyter.messages.adapters.MessageTypeAdapter;
import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/**
 * Reads one message of the Jupyter wire protocol, and only a signed one.
 *
 * <p>basekernel's own reader waits for frames that a malformed message does not have, and compares
 * signatures in a time that depends on them; this one takes all frames first and does neither.
 */
final class Wire {
  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
  private static final int SIGNED_PARTS = 4;
  private static final Gson GSON =
      new GsonBuilder()
          .registerTypeAdapter(KernelTimestamp.class, KernelTimestampAdapter.INSTANCE)
          .registerTypeAdapter(Header.class, HeaderAdapter.INSTANCE)
          .registerTypeAdapter(MessageType.class, MessageTypeAdapter.INSTANCE)
          .registerTypeAdapter(HistoryRequest.class, HistoryRequestAdapter.INSTANCE)
          .create();

  private Wire() {}

  /**
   * Waits for the next message.
   *
   * @return the message, or null if it was malformed, unsigned, or of an unknown type: not to be
   *     answered
   */
  static @Nullable Message<?> read(ZMQ.Socket socket, HMACGenerator signer) {
    List<byte[]> frames = frames(socket);
    int at = 0;
    while (at < frames.size() && !Arrays.equals(frames.get(at), DELIMITER)) {
      at++;
    }
    if (frames.size() < at + 2 + SIGNED_PARTS) {
      return null;
    }
    List<byte[]> parts = frames.subList(at + 2, at + 2 + SIGNED_PARTS);
    if (!isSigned(frames.get(at + 1), parts, signer)) {
      return null;
    }
    try {
      return parse(frames.subList(0, at), parts, frames.subList(at + 6, frames.size()));
    } catch (RuntimeException malformed) {
      return null;
    }
  }

  private static List<byte[]> frames(ZMQ.Socket socket) {
    var frames = new ArrayList<byte[]>();
    do {
      byte[] frame = socket.recv();
      if (frame != null) {
        frames.add(frame);
      }
    } while (socket.hasReceiveMore());
    return frames;
  }

  private static boolean isSigned(byte[] signature, List<byte[]> parts, HMACGenerator signer) {
    String expected = signer.calculateSignature(parts.toArray(byte[][]::new));
    if (expected.isEmpty()) {
      return true; // an empty key in the connection file switches signing off
    }
    return MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII), signature);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Message<?> parse(
      List<byte[]> identities, List<byte[]> parts, List<byte[]> blobs) {
    Header header = GSON.fromJson(text(parts.get(0)), Header.class);
    if (header == null
        || header.getType() == null
        || header.getType().equals(MessageType.UNKNOWN)) {
      return null;
    }
    JsonObject parentJson = JsonParser.parseString(text(parts.get(1))).getAsJsonObject();
    Header<?> parent = parentJson.isEmpty() ? null : GSON.fromJson(parentJson, Header.class);
    Map<String, Object> metadata =
        GSON.fromJson(text(parts.get(2)), new TypeToken<Map<String, Object>>() {}.getType());
    Object content = GSON.fromJson(text(parts.get(3)), header.getType().getContentType());
    return new Message(
        List.copyOf(identities), header, parent, metadata, content, List.copyOf(blobs));
  }

  private static String text(byte[] frame) {
    return new String(frame, StandardCharsets.UTF_8);
  }
}
