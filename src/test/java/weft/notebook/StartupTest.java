package weft.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a cell may write without an import. */
class StartupTest {
  private static final Set<String> LINES = lines();

  private static Set<String> lines() {
    try (var file = StartupTest.class.getResourceAsStream("/weft/notebook/startup.jsh")) {
      byte[] bytes = Objects.requireNonNull(file).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().collect(Collectors.toSet());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Java lets two packages offer one name, and refuses the cell that uses it. */
  @Test
  void noNameOfWeftMeansTwoThings() {
    var ambiguous = new TreeSet<String>();
    for (JavaClass type :
        new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("weft")) {
      boolean isOffered =
          type.isTopLevelClass()
              && type.getModifiers().contains(JavaModifier.PUBLIC)
              && LINES.contains("import %s.*;".formatted(type.getPackageName()))
              && !LINES.contains("import %s;".formatted(type.getName()));
      if (isOffered && namesakes(type.getSimpleName()).size() > 1) {
        ambiguous.add(namesakes(type.getSimpleName()).toString());
      }
    }
    assertEquals(Set.of(), ambiguous);
  }

  private static List<String> namesakes(String name) {
    return LINES.stream()
        .filter(line -> line.endsWith(".*;") && !line.contains(" static "))
        .map(line -> line.replace("import ", "").replace("*;", name))
        .filter(StartupTest::isPublicType)
        .sorted()
        .toList();
  }

  private static boolean isPublicType(String name) {
    try {
      Class<?> type = Class.forName(name, false, StartupTest.class.getClassLoader());
      return Modifier.isPublic(type.getModifiers());
    } catch (ClassNotFoundException e) {
      return false; // a package without this name
    }
  }
}
