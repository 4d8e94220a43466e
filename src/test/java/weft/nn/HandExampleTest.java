package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import org.junit.jupiter.api.Test;

/** The example every reader starts from: two inputs, two hidden neurons, one output. */
class HandExampleTest {
  private final Network net =
      Network.inputs(2)
          .dense(2, relu())
          .weights(0.5, 0.5, 1.0, 1.0)
          .biases(0.0, 0.5)
          .dense(1, relu())
          .weights(1.0, 1.0)
          .biases(0.5)
          .loss(squaredError());
  private final Pass pass = net.forward(1, 0).target(2).backward();

  @Test
  void everySumActivationAndGradientComesOutExactly() {
    assertEquals(
        """
        neuron,layer,z,activation,dL/dz
        H3,1,0.5,0.5,1.0
        H4,1,1.5,1.5,1.0
        O5,2,2.5,2.5,1.0
        """,
        pass.table().write().toString("csv").replace("\r\n", "\n"));
    assertEquals("Pass with loss 0.25", pass.table().name());
    assertEquals(0.25, pass.loss());
    assertArrayEquals(new double[] {2.5}, pass.outputs());
  }

  @Test
  void everyParameterHasItsGradient() {
    assertEquals(
        """
        parameter,layer,value,gradient
        W31,"dense(2, relu())",0.5,1.0
        W32,"dense(2, relu())",0.5,0.0
        W41,"dense(2, relu())",1.0,1.0
        W42,"dense(2, relu())",1.0,0.0
        b3,"dense(2, relu())",0.0,1.0
        b4,"dense(2, relu())",0.5,1.0
        W53,"dense(1, relu())",1.0,0.5
        W54,"dense(1, relu())",1.0,1.5
        b5,"dense(1, relu())",0.5,1.0
        """,
        pass.gradients().write().toString("csv").replace("\r\n", "\n"));
  }

  @Test
  void aStepShowsOldValueGradientAndNewValue() {
    assertEquals(
        """
        parameter,layer,old value,gradient,new value
        W31,"dense(2, relu())",0.5,1.0,0.49
        W32,"dense(2, relu())",0.5,0.0,0.5
        W41,"dense(2, relu())",1.0,1.0,0.99
        W42,"dense(2, relu())",1.0,0.0,1.0
        b3,"dense(2, relu())",0.0,1.0,-0.01
        b4,"dense(2, relu())",0.5,1.0,0.49
        W53,"dense(1, relu())",1.0,0.5,0.995
        W54,"dense(1, relu())",1.0,1.5,0.985
        b5,"dense(1, relu())",0.5,1.0,0.49
        """,
        net.step(sgd(0.01), pass).table().write().toString("csv").replace("\r\n", "\n"));
  }

  @Test
  void theExplanationIsWhatAPersonWritesOnPaper() {
    assertEquals(
        """
        Forward pass
        Z3 = (X1 x W31) + (X2 x W32) + b3
        Z3 = (1 x 0.5) + (0 x 0.5) + 0 = 0.5
        H3 = ReLU(Z3) = ReLU(0.5) = 0.5
        Z4 = (X1 x W41) + (X2 x W42) + b4
        Z4 = (1 x 1) + (0 x 1) + 0.5 = 1.5
        H4 = ReLU(Z4) = ReLU(1.5) = 1.5
        Z5 = (H3 x W53) + (H4 x W54) + b5
        Z5 = (0.5 x 1) + (1.5 x 1) + 0.5 = 2.5
        O5 = ReLU(Z5) = ReLU(2.5) = 2.5

        Loss
        L = (O5 - Y5)^2 = (2.5 - 2)^2 = 0.25

        Backward pass, from the output to the inputs
        dL/dO5 = 2 x (O5 - Y5) = 2 x (2.5 - 2) = 1
        dL/dZ5 = dL/dO5 x ReLU'(Z5) = 1 x 1 = 1
        dL/dW53 = dL/dZ5 x H3 = 1 x 0.5 = 0.5
        dL/dW54 = dL/dZ5 x H4 = 1 x 1.5 = 1.5
        dL/db5 = dL/dZ5 = 1
        dL/dH3 = dL/dZ5 x W53 = 1 x 1 = 1
        dL/dZ3 = dL/dH3 x ReLU'(Z3) = 1 x 1 = 1
        dL/dW31 = dL/dZ3 x X1 = 1 x 1 = 1
        dL/dW32 = dL/dZ3 x X2 = 1 x 0 = 0
        dL/db3 = dL/dZ3 = 1
        dL/dH4 = dL/dZ5 x W54 = 1 x 1 = 1
        dL/dZ4 = dL/dH4 x ReLU'(Z4) = 1 x 1 = 1
        dL/dW41 = dL/dZ4 x X1 = 1 x 1 = 1
        dL/dW42 = dL/dZ4 x X2 = 1 x 0 = 0
        dL/db4 = dL/dZ4 = 1
        """,
        pass.explain().text());
  }

  @Test
  void theChainRuleAgreesWithDifferencesOfTheLoss() {
    var errors = pass.gradientCheck().doubleColumn("relative error");
    assertTrue(errors.max() < 1e-9, errors::print);
  }

  @Test
  void aPassOfOtherParametersIsRefused() {
    var next = net.step(sgd(0.01), pass);
    assertEquals(
        "this pass was computed with other parameters, its gradient does not belong here: call"
            + " forward(...).target(...).backward() on this network first",
        Refusal.of(() -> next.step(sgd(0.01), pass)));
  }

  @Test
  void aCellThatRunsTwiceGivesTheSame() {
    assertEquals(
        net.step(sgd(0.01), pass).table().print(), net.step(sgd(0.01), pass).table().print());
  }
}
