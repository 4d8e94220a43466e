package weft.engine.packet;

import java.util.Arrays;

/** Tokens of pending wake-ups; an event carries a slot, the slot the token. */
final class WakeUps {
  private int[] token = new int[16];
  private int[] free = new int[16];
  private int frees;
  private int used;

  int add(int wanted) {
    if (frees > 0) {
      int slot = free[--frees];
      token[slot] = wanted;
      return slot;
    }
    if (used == token.length) {
      token = Arrays.copyOf(token, 2 * used);
      free = Arrays.copyOf(free, 2 * used);
    }
    token[used] = wanted;
    return used++;
  }

  int take(int slot) {
    free[frees++] = slot;
    return token[slot];
  }
}
