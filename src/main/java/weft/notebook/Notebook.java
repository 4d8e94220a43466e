package weft.notebook;

import org.jspecify.annotations.Nullable;

/** What a notebook's reader calls: imported statically in every cell and by {@code jshell}. */
public final class Notebook {
  private Notebook() {}

  /** Shows a value where it can be seen: in the notebook's cell, in a window, or in a file. */
  public static void show(@Nullable Object value) {
    Screen.show(value);
  }
}
