package weft.verbs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import weft.units.Check;

/**
 * Memory that a device knows under two keys, with what may be done to it: {@code struct ibv_mr}.
 */
public final class MemoryRegion {
  private final ProtectionDomain domain;
  private final long address;
  private final byte[] data;
  private final int lkey;
  private final int rkey;
  private final Set<Access> access;
  private boolean registered = true;

  MemoryRegion(
      ProtectionDomain domain, long address, int size, int lkey, int rkey, Set<Access> access) {
    this.domain = domain;
    this.address = address;
    this.data = new byte[size];
    this.lkey = lkey;
    this.rkey = rkey;
    this.access = access;
  }

  /** Where it begins in its device's virtual memory. */
  public long address() {
    return address;
  }

  /** Bytes. */
  public int length() {
    return data.length;
  }

  /** The key for this device's own work requests. */
  public int lkey() {
    return lkey;
  }

  /** The key to give to the other side. */
  public int rkey() {
    return rkey;
  }

  ProtectionDomain domain() {
    return domain;
  }

  boolean isRegistered() {
    return registered;
  }

  boolean permits(Access what) {
    return access.contains(what);
  }

  /** Makes both keys invalid: {@code ibv_dereg_mr}. */
  public void deregister() {
    registered = false;
  }

  /** All of it. */
  public LocalBuffer all() {
    return new LocalBuffer(address, data.length, lkey);
  }

  /**
   * A piece of it. Like an adapter, this does not check that the piece lies inside.
   *
   * @param offset bytes from the beginning
   * @param length bytes
   */
  public LocalBuffer piece(int offset, int length) {
    return new LocalBuffer(address + offset, length, lkey);
  }

  /** What the other side needs to reach the byte at this offset; it need not lie inside. */
  public RemoteBuffer remote(int offset) {
    return new RemoteBuffer(address + offset, rkey);
  }

  /** Fills it from the beginning. */
  public MemoryRegion put(byte[] bytes) {
    Check.notNull("bytes", bytes, "write new byte[64]");
    if (bytes.length > data.length) {
      throw new IllegalArgumentException(
          "this region has %d B, but was given %d B: register a larger one"
              .formatted(data.length, bytes.length));
    }
    System.arraycopy(bytes, 0, data, 0, bytes.length);
    return this;
  }

  /** Fills it from the beginning with text in UTF-8. */
  public MemoryRegion put(String text) {
    Check.notNull("text", text, "write \"hello\"");
    return put(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Stores eight bytes, most significant first, at its beginning. */
  public MemoryRegion put(long number) {
    return put(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  /** A copy of what it holds. */
  public byte[] bytes() {
    return data.clone();
  }

  /** What it holds up to the first zero, as text in UTF-8. */
  public String text() {
    int end = 0;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return new String(data, 0, end, StandardCharsets.UTF_8);
  }

  /** Its first eight bytes as a number, most significant first. */
  public long number() {
    return ByteBuffer.wrap(data).getLong();
  }

  boolean covers(long from, long length) {
    return from >= address && length <= data.length && from - address <= data.length - length;
  }

  byte[] read(long from, int length) {
    int offset = (int) (from - address);
    return Arrays.copyOfRange(data, offset, offset + length);
  }

  void write(long to, byte[] bytes) {
    System.arraycopy(bytes, 0, data, (int) (to - address), bytes.length);
  }

  @Override
  public String toString() {
    return "%d B at 0x%x, lkey 0x%x, rkey 0x%x, %s"
        .formatted(data.length, address, lkey, rkey, access);
  }
}
