package weft;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;

/** The layers of ARCHITECTURE.md: each uses only what stands above it. */
class LayeringTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("weft");

  @Test
  void eachLayerUsesOnlyThoseAboveIt() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("weft..")
        .layer("units")
        .definedBy("weft.units")
        .layer("base")
        .definedBy("weft.report", "weft.sim", "weft.nn..")
        .layer("models")
        .definedBy("weft.cluster", "weft.fabric", "weft.collective", "weft.fault", "weft.llm")
        .layer("policies")
        .definedBy(
            "weft.transport..", "weft.routing", "weft.capture", "weft.verbs", "weft.parallel")
        .layer("engines")
        .definedBy("weft.engine..")
        .layer("runs")
        .definedBy("weft.experiment", "weft.train", "weft.job")
        .layer("notebook")
        .definedBy("weft.notebook..")
        .whereLayer("base")
        .mayOnlyAccessLayers("units")
        .whereLayer("units")
        .mayNotAccessAnyLayer()
        .whereLayer("models")
        .mayOnlyAccessLayers("units", "base")
        .whereLayer("policies")
        .mayOnlyAccessLayers("units", "base", "models")
        .whereLayer("engines")
        .mayOnlyAccessLayers("units", "base", "models", "policies")
        .whereLayer("runs")
        .mayOnlyAccessLayers("units", "base", "models", "policies", "engines")
        .check(CLASSES);
  }

  @Test
  void packagesDoNotDependOnEachOtherInCircles() {
    slices().matching("weft.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** A reader's numbers leave the engines as arrays; tables and charts are made above them. */
  @Test
  void tablesAndChartsStayOutOfTheEngines() {
    noClasses()
        .that()
        .resideInAnyPackage("weft.units", "weft.sim", "weft.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tech.tablesaw..", "org.knowm..")
        .check(CLASSES);
  }

  /** A column made elsewhere prints 0.30000000000000004. */
  @Test
  void columnsOfNumbersAreMadeWhereTheirDigitsAreChosen() {
    noClasses()
        .that()
        .resideOutsideOfPackage("weft.report")
        .should()
        .callMethodWhere(
            target(owner(assignableTo(DoubleColumn.class))).and(target(name("create"))))
        .check(CLASSES);
  }
}
