package weft.nn.compute;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.File;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The linear algebra library that multiplies matrices: OpenBLAS where it loads, and otherwise the
 * pure-Java one of netlib. OpenBLAS comes from {@code org.bytedeco}'s jar; netlib calls it on
 * Java's own arrays without copying them. It runs on one thread: {@link Team} shares out the work,
 * so that the number of threads changes no bit.
 *
 * @param library what multiplies
 * @param name what provenance tells: {@code OpenBLAS 0.3.31, kernel ZEN}
 */
public record Blas(BLAS library, String name) {
  /** Set to {@code java} to do without OpenBLAS. */
  static final String PROPERTY = "weft.blas";

  private static final String LIBRARY_PATH = "dev.ludovic.netlib.blas.nativeLibPath";
  private static final String KERNELS = "gotoblas_";
  private static final String[] KERNEL_NAMES = {
    "SAPPHIRERAPIDS",
    "COOPERLAKE",
    "SKYLAKEX",
    "ZEN",
    "HASWELL",
    "EXCAVATOR",
    "STEAMROLLER",
    "PILEDRIVER",
    "BULLDOZER",
    "SANDYBRIDGE",
    "BARCELONA",
    "NEHALEM",
    "CORE2",
    "PRESCOTT",
    "ARMV8",
    "ARMV8SVE",
    "CORTEXA53",
    "CORTEXA57",
    "CORTEXA72",
    "CORTEXA73",
    "NEOVERSEN1",
    "NEOVERSEN2",
    "NEOVERSEV1"
  };

  /** The library of this process, loaded at first use. */
  static Blas loaded() {
    return Holder.BLAS;
  }

  /** What multiplies matrices in this process, for provenance. */
  public static String description() {
    return loaded().name();
  }

  private static final class Holder {
    static final Blas BLAS = load();
  }

  private static Blas load() {
    // netlib tells of every implementation it tries and cannot have
    Logger chatter = Logger.getLogger("dev.ludovic.netlib.blas");
    Level before = chatter.getLevel();
    chatter.setLevel(Level.OFF);
    try {
      String wanted = System.getProperty(PROPERTY, "native").toLowerCase(Locale.ROOT);
      return wanted.equals("java") ? pure("as asked by -D" + PROPERTY) : openBlas();
    } catch (LinkageError | RuntimeException unavailable) {
      return pure("OpenBLAS does not load here: " + reason(unavailable));
    } finally {
      chatter.setLevel(before);
    }
  }

  /** The first line of what lies at the bottom of it. */
  private static String reason(Throwable failure) {
    Throwable bottom = failure;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    String message = bottom.getMessage();
    return message == null
        ? bottom.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").replaceAll("(java\\.library\\.path):.*", "$1");
  }

  private static Blas pure(String reason) {
    return new Blas(JavaBLAS.getInstance(), "netlib in pure Java (" + reason + ")");
  }

  private static Blas openBlas() {
    File folder = new File(Loader.load(openblas_nolapack.class)).getParentFile();
    File[] found =
        folder.listFiles((dir, name) -> name.matches("libopenblas_nolapack\\.so(\\.\\d+)?"));
    if (found == null || found.length == 0) {
      throw new IllegalStateException("no libopenblas_nolapack in " + folder);
    }
    if (System.getProperty(LIBRARY_PATH) == null) {
      System.setProperty(LIBRARY_PATH, found[0].getPath());
    }
    BLAS library = NativeBLAS.getInstance();
    openblas_nolapack.blas_set_num_threads(1);
    return new Blas(library, "OpenBLAS %s, kernel %s".formatted(version(), kernel()));
  }

  private static String version() {
    String version = openblas_nolapack.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  /** The table of kernels in use is the one whose address {@code gotoblas} holds. */
  private static String kernel() {
    Pointer chosen = Loader.addressof("gotoblas");
    if (chosen == null) {
      return "unknown";
    }
    try (var table = new PointerPointer<Pointer>(chosen)) {
      long address = table.get(0).address();
      for (String name : KERNEL_NAMES) {
        Pointer kernels = Loader.addressof(KERNELS + name);
        if (kernels != null && kernels.address() == address) {
          return name;
        }
      }
    }
    return "unknown";
  }
}
