package weft.report;

import java.io.Console;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weft.units.Check;

/**
 * What a long run tells of itself while it runs: in a notebook a curve and a line that are
 * replaced, in a terminal a line that is rewritten (in jshell's, which a program cannot see, if the
 * system property {@code weft.progress} is {@code terminal}), elsewhere nothing. Runs shorter than
 * about a second tell nothing, and what was told is taken away when the run is over.
 *
 * <pre>{@code
 * try (var progress = Progress.of("Training", 0, steps)) {
 *   for (int step = 0; step < steps; step++) {
 *     ...
 *     if (progress.isDue()) {
 *       progress.report(step, "loss 0.12");
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread at a time.
 */
public final class Progress implements AutoCloseable {
  /** Nothing is shown before so many nanoseconds, nor again within so many. */
  private static final long FIRST = 1_000_000_000L;

  private static final long PAUSE = 600_000_000L;

  /** The clock is read about this often, in nanoseconds, however short the steps are. */
  private static final long LOOK = 20_000_000L;

  private static final int MOST_STRIDE = 1 << 20;
  private static final int MOST_POINTS = 400;

  /** One kind of place where progress can be seen; found as a service. */
  public interface Screen {
    /** A new place to show one run's progress at, or null if there is none in this process. */
    @Nullable View open();
  }

  /** Where one run's progress is shown. */
  public interface View {
    /** Shows this in place of what was shown before. */
    void show(Stage stage);

    /** Takes away what was shown. */
    void clear();
  }

  /**
   * What is shown at a time.
   *
   * @param title of the run
   * @param line how far it has come, in a line
   * @param x of the curve so far
   * @param y likewise, as many; none for no curve
   * @param xTitle what runs along the horizontal axis
   * @param yTitle what runs along the vertical axis
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one call, never compared
  public record Stage(
      String title, String line, double[] x, double[] y, String xTitle, String yTitle) {}

  private static final class Screens {
    static final List<Screen> ALL = load();

    private static List<Screen> load() {
      Screen terminal = Progress::terminal;
      try {
        return Stream.concat(
                ServiceLoader.load(Screen.class, Progress.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get),
                Stream.of(terminal))
            .toList();
      } catch (ServiceConfigurationError | LinkageError foreign) {
        return List.of(terminal);
      }
    }
  }

  private final String title;
  private final long total;
  private final List<Screen> screens;
  private final LongSupplier clock;
  private final long started;
  private final long before;
  private @Nullable View view;
  private boolean sought;
  private boolean shown;
  private boolean left;
  private long due;
  private long looked;
  private int stride = 1;
  private int countdown = 1;
  private double[] x = new double[16];
  private double[] y = new double[16];
  private int points;
  private int skip = 1;
  private int skipped;

  Progress(String title, long done, long total, List<Screen> screens, LongSupplier clock) {
    this.title = title;
    this.total = total;
    this.screens = screens;
    this.clock = clock;
    before = done;
    started = clock.getAsLong();
    looked = started;
    due = started + FIRST;
  }

  /**
   * Of a run that begins now.
   *
   * @param title what runs, in a word or two
   * @param done how much of the work is done already, in any unit
   * @param total how much there is in all
   */
  public static Progress of(String title, long done, long total) {
    Check.notNull("a title", title, "write for example \"Training\"");
    return new Progress(title, done, total, Screens.ALL, System::nanoTime);
  }

  /** Whether it is time for {@link #report}; cheap enough for the shortest of steps. */
  public boolean isDue() {
    if (--countdown > 0) {
      return false;
    }
    long now = clock.getAsLong();
    long gap = now - looked;
    looked = now;
    if (gap < LOOK / 2) {
      stride = Math.min(2 * stride, MOST_STRIDE);
    } else if (gap > 2 * LOOK) {
      stride = (int) Math.max(1, stride * (double) LOOK / gap);
    }
    countdown = stride;
    return now - due >= 0;
  }

  /** Adds a point to the curve; of very many, evenly spaced ones stay. */
  public void point(double atX, double atY) {
    if (skipped++ % skip != 0 || !Double.isFinite(atY)) {
      return;
    }
    if (points == MOST_POINTS) {
      for (int i = 0; i < points / 2; i++) {
        x[i] = x[2 * i];
        y[i] = y[2 * i];
      }
      points /= 2;
      skip *= 2;
    }
    if (points == x.length) {
      x = Arrays.copyOf(x, 2 * points);
      y = Arrays.copyOf(y, 2 * points);
    }
    x[points] = atX;
    y[points++] = atY;
  }

  /** Shows a line, with the time that is left. */
  public void report(long done, String line) {
    report(done, line, "", "");
  }

  /** Shows a line, with the time that is left, and the curve so far. */
  public void report(long done, String line, String xTitle, String yTitle) {
    show(line + ", " + timeLeft(done), xTitle, yTitle);
    due = clock.getAsLong() + PAUSE; // from the end of showing, which may take a while itself
  }

  /** Leaves a last line where progress was shown, if it was. */
  public void leave(String line) {
    if (shown) {
      points = 0;
      show(line, "", "");
      left = true;
    }
  }

  private void show(String line, String xTitle, String yTitle) {
    if (!sought) {
      sought = true;
      view =
          screens.stream().map(Progress::opened).filter(Objects::nonNull).findFirst().orElse(null);
    }
    View there = view;
    if (there != null) {
      shown = true;
      there.show(
          new Stage(
              title, line, Arrays.copyOf(x, points), Arrays.copyOf(y, points), xTitle, yTitle));
    }
  }

  private static @Nullable View opened(Screen screen) {
    try {
      return screen.open();
    } catch (LinkageError withoutItsLibraries) {
      return null;
    }
  }

  private String timeLeft(long done) {
    double spent = (clock.getAsLong() - started) / 1e9;
    double left = spent * (total - done) / Math.max(1, done - before);
    return duration(left) + " left";
  }

  /** {@code 8 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  static String duration(double seconds) {
    long whole = Math.round(Math.max(0, seconds));
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %d min", whole / 3600, whole % 3600 / 60);
  }

  /** Takes away what was shown, unless it was left. */
  @Override
  public void close() {
    View there = view;
    if (there != null && shown && !left) {
      there.clear();
    }
  }

  @SuppressWarnings("SystemConsoleNull") // isTerminal knows of newer Java's
  private static @Nullable View terminal() {
    Console console = System.console();
    boolean there = isPromised() || (console != null && isTerminal(console));
    return there ? new TerminalProgress(System.out) : null;
  }

  /**
   * jshell runs cells in a process without a console (from Java 22 on, with one that is no
   * terminal), though its output reaches the terminal.
   */
  private static boolean isPromised() {
    return "terminal".equals(System.getProperty("weft.progress"));
  }

  /** From Java 22 on there may be a console whose streams lead elsewhere. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException olderJava) {
      return true;
    } catch (ReflectiveOperationException unknown) {
      return false;
    }
  }
}
