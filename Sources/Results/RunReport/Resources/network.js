// The trained network in JavaScript. For the same pixels, it computes the same outputs as the Swift module
// NeuralNetwork.
"use strict";

/// The functions and values that all scripts of the drawing pad use.
const digitPad = {};

(() => {
  const activations = {
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    tanh: Math.tanh,
    relu: (x) => Math.max(0, x),
  };

  function softmax(sums) {
    const largest = Math.max(...sums);
    const powers = sums.map((sum) => Math.exp(sum - largest));
    const total = powers.reduce((one, other) => one + other, 0);
    return powers.map((power) => power / total);
  }

  /// Decodes little-endian 32-bit floating-point numbers from a text in base 64.
  function decodeFloats(text) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
  }

  /// Returns `input · weights`, the weighted sums of a layer, with the shape `[outputs]`. Inputs that are 0 are
  /// skipped.
  function sumsOf(input, { outputs, weights }) {
    const sums = new Array(outputs).fill(0);
    input.forEach((value, row) => {
      if (value === 0) return;
      for (let unit = 0; unit < outputs; unit += 1) sums[unit] += value * weights[row * outputs + unit];
    });
    return sums;
  }

  /// Parses a JSON text and returns the model. The model has a function `outputs(pixels)`.
  ///
  /// The function takes `rowCount * columnCount` pixel values from 0 to `form.largestPixel`. It returns one output per
  /// class.
  digitPad.readModel = (text) => {
    const model = JSON.parse(text);
    const { factors, offsets } = model.scaling;
    const layers = model.layers.map((layer) => ({ ...layer, weights: decodeFloats(layer.weights) }));
    const scaled = (pixel, index) =>
      factors.length === 1 ? pixel * factors[0] + offsets[0] : pixel * factors[index] + offsets[index];

    const outputs = (pixels) => {
      let values = Array.from(pixels, scaled);
      layers.forEach((layer, index) => {
        // An additional input of constant 1 adds the biases. In the article's network, only the first layer has this
        // input.
        const input = index === 0 || model.biases === "weights" ? [...values, 1] : values;
        const sums = sumsOf(input, layer);
        const isLast = index === layers.length - 1;
        if (isLast && model.outputActivation === "softmax") values = softmax(sums);
        else values = sums.map(activations[isLast ? model.outputActivation : model.activation]);
      });
      return values;
    };
    return { ...model, layers: undefined, outputs };
  };
})();
