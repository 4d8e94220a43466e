package weft.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums of what files and data sets hold. */
final class Hash {
  private static final int CHUNK = 1 << 14;

  private Hash() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** That of the lengths and the bits of some arrays, as 64 digits. */
  static String of(float[] values, int[] labels, float[] targets) {
    MessageDigest digest = sha256();
    var buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(values.length).putInt(labels.length).putInt(targets.length);
    for (float value : values) {
      room(buffer, digest).putFloat(value);
    }
    for (int label : labels) {
      room(buffer, digest).putInt(label);
    }
    for (float target : targets) {
      room(buffer, digest).putFloat(target);
    }
    digest.update(buffer.flip());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static ByteBuffer room(ByteBuffer buffer, MessageDigest digest) {
    if (buffer.remaining() < Integer.BYTES) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    return buffer;
  }
}
