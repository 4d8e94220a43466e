package weft.verbs;

import org.jspecify.annotations.Nullable;

/** A memory region that a key and an address lead to, or why they do not. */
record Grant(@Nullable MemoryRegion region, @Nullable String refusal) {
  boolean isRefused() {
    return refusal != null;
  }

  /** The reason of a refusal. */
  String why() {
    return refusal == null ? "" : refusal;
  }

  /** The region of a grant. */
  MemoryRegion memory() {
    if (region == null) {
      throw new IllegalStateException("there is no region: " + refusal);
    }
    return region;
  }
}
