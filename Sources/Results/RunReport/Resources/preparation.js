// Converts a drawing to an image like the images of the data set. For light ink on a black background, the pixels are
// the same as those that the Swift module DigitPreparation computes.
"use strict";

(() => {
  const lowestContrast = 12;
  const floorShare = 0.1;
  const strongShare = 0.7;
  const speckShare = 0.03;
  const edgeAmount = 64;
  const highestShare = 0.8;
  const fullShare = 0.08;

  /// Returns the level of full ink: the mean of all ink amounts above half of the maximum. The maximum ignores the
  /// largest 0.1 % of the amounts.
  function levelOf(amounts) {
    const counts = new Array(256).fill(0);
    for (const amount of amounts) counts[Math.trunc(amount)] += 1;
    let left = Math.floor(amounts.length / 1000);
    let highest = 255;
    for (; highest > 0; highest -= 1) {
      left -= counts[highest];
      if (left < 0) break;
    }
    let [sum, count] = [0, 0];
    for (const amount of amounts) {
      if (amount <= highest / 2) continue;
      sum += amount;
      count += 1;
    }
    return count > 0 ? sum / count : 0;
  }

  /// Finds the connected parts of the ink. Diagonal neighbours count as connected. Returns the part number of each
  /// pixel, and the mass and the level of each part.
  function partsOf(amounts, width, height, floor, strong) {
    const labels = new Int32Array(amounts.length).fill(-1);
    const parts = [];
    for (let start = 0; start < amounts.length; start += 1) {
      if (labels[start] >= 0 || amounts[start] <= floor) continue;
      const label = parts.length;
      const waiting = [start];
      let [mass, strongSum, strongCount] = [0, 0, 0];
      labels[start] = label;
      while (waiting.length > 0) {
        const index = waiting.pop();
        mass += amounts[index];
        if (amounts[index] > strong) {
          strongSum += amounts[index];
          strongCount += 1;
        }
        const [x, y] = [index % width, Math.floor(index / width)];
        for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
          for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
            const other = row * width + column;
            if (labels[other] >= 0 || amounts[other] <= floor) continue;
            labels[other] = label;
            waiting.push(other);
          }
        }
      }
      parts.push({ mass, level: strongCount > 0 ? strongSum / strongCount : 0 });
    }
    return { labels, parts };
  }

  /// Returns the ink without specks, and the bounding rectangle of the ink; null if there is no digit.
  function cleaned(greys, width, height) {
    const amounts = Float64Array.from(greys, (grey) => 255 * Math.max(0, Math.min(1, grey / 255)));
    const level = levelOf(amounts);
    if (level < lowestContrast) return null;
    const floor = floorShare * level;
    const { labels, parts } = partsOf(amounts, width, height, floor, level / 2);
    const isStrong = parts.map((part) => part.level >= strongShare * level);
    const largest = parts.reduce((most, part, index) => (isStrong[index] ? Math.max(most, part.mass) : most), 0);
    const isKept = parts.map((part, index) => isStrong[index] && part.mass >= speckShare * largest);

    let [left, right, top, bottom, count] = [width, -1, height, -1, 0];
    for (let index = 0; index < amounts.length; index += 1) {
      if (labels[index] < 0 || !isKept[labels[index]]) {
        amounts[index] = 0;
        continue;
      }
      amounts[index] = Math.min(255, (255 * (amounts[index] - floor)) / (level - floor));
      if (amounts[index] <= edgeAmount) continue;
      const [x, y] = [index % width, Math.floor(index / width)];
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      count += 1;
    }
    if (right < left || count / amounts.length > highestShare) return null;
    return { amounts, width, columns: [left, right + 1], rows: [top, bottom + 1] };
  }

  /// Returns the old pixels that each new pixel covers along one axis. The result for a new pixel is the index of the
  /// first covered pixel, and the weights of all covered pixels.
  function coverages([lower, upper], newCount) {
    const count = upper - lower;
    const step = count / newCount;
    return Array.from({ length: newCount }, (_, index) => {
      const [start, end] = [index * step, (index + 1) * step];
      const first = Math.trunc(start);
      const last = Math.max(first + 1, Math.min(count, Math.ceil(end)));
      const weights = [];
      for (let old = first; old < last; old += 1) weights.push((Math.min(end, old + 1) - Math.max(start, old)) / step);
      return { first: lower + first, weights };
    });
  }

  /// Scales a rectangle of ink to another size. Each new pixel is the mean of the area that the pixel covers.
  function scaledInk({ amounts, width, columns, rows }, newWidth, newHeight) {
    const across = coverages(columns, newWidth);
    const down = coverages(rows, newHeight);
    const narrow = new Float64Array((rows[1] - rows[0]) * newWidth);
    for (let y = rows[0]; y < rows[1]; y += 1) {
      across.forEach(({ first, weights }, x) => {
        let sum = 0;
        weights.forEach((weight, offset) => (sum += amounts[y * width + first + offset] * weight));
        narrow[(y - rows[0]) * newWidth + x] = sum;
      });
    }
    const values = new Float64Array(newWidth * newHeight);
    down.forEach(({ first, weights }, y) => {
      for (let x = 0; x < newWidth; x += 1) {
        let sum = 0;
        weights.forEach((weight, offset) => (sum += narrow[(first - rows[0] + offset) * newWidth + x] * weight));
        values[y * newWidth + x] = sum;
      }
    });
    return values;
  }

  /// Amplifies the ink so that its strongest parts reach 255.
  function strengthened(values) {
    const sorted = values.slice().sort();
    const strongest = sorted[Math.min(values.length - 1, Math.trunc(values.length * (1 - fullShare)))];
    return strongest > 0 && strongest < 255 ? values.map((value) => Math.min(255, (value * 255) / strongest)) : values;
  }

  /// Returns the left and top position at which the scaled ink is centred in the image.
  function cornerOf(values, width, height, fineWidth, fineHeight, centring) {
    const [freeWidth, freeHeight] = [fineWidth - width, fineHeight - height];
    if (centring !== "mass") return [Math.floor(freeWidth / 2), Math.floor(freeHeight / 2)];
    let [sum, across, down] = [0, 0, 0];
    values.forEach((value, index) => {
      sum += value;
      across += value * (index % width);
      down += value * Math.floor(index / width);
    });
    const start = (moment, fine, free) =>
      Math.max(0, Math.min(free, Math.round(Math.floor(fine / 2) - moment / sum)));
    return [start(across, fineWidth, freeWidth), start(down, fineHeight, freeHeight)];
  }

  /// Returns an image in which each pixel is the number of set bits in one block of the fine image.
  function counted(fine, { rowCount, columnCount, bitsPerSide }) {
    const pixels = new Uint8Array(rowCount * columnCount);
    const fineWidth = columnCount * bitsPerSide;
    fine.forEach((amount, index) => {
      if (amount < 127.5) return;
      const row = Math.floor(index / fineWidth / bitsPerSide);
      pixels[row * columnCount + Math.floor((index % fineWidth) / bitsPerSide)] += 1;
    });
    return pixels;
  }

  /// Converts a drawing to pixels in the form of the data set. Returns null if there is no digit in the drawing.
  ///
  /// The parameter `greys` has the grey values of the drawing, `[height, width]`. The background is 0.
  digitPad.prepare = (greys, width, height, form) => {
    const ink = cleaned(greys, width, height);
    if (!ink) return null;
    const bits = form.bitsPerSide;
    const [fineWidth, fineHeight] = [form.columnCount * bits, form.rowCount * bits];
    const [boxWidth, boxHeight] = [Math.round(form.boxWidth * bits), Math.round(form.boxHeight * bits)];
    const [inkWidth, inkHeight] = [ink.columns[1] - ink.columns[0], ink.rows[1] - ink.rows[0]];
    const scale =
      form.scaling === "keeping-aspect" ? Math.min(boxWidth / inkWidth, boxHeight / inkHeight) : boxHeight / inkHeight;
    const side = (length, most) => Math.max(1, Math.min(most, Math.round(length * scale)));
    const [newWidth, newHeight] = [side(inkWidth, boxWidth), side(inkHeight, boxHeight)];
    const values = strengthened(scaledInk(ink, newWidth, newHeight));
    const [left, top] = cornerOf(values, newWidth, newHeight, fineWidth, fineHeight, form.centring);

    const fine = new Float64Array(fineWidth * fineHeight);
    values.forEach((value, index) => {
      fine[(top + Math.floor(index / newWidth)) * fineWidth + left + (index % newWidth)] = value;
    });
    if (bits > 1) return counted(fine, form);
    return Uint8Array.from(fine, (amount) => Math.round((amount * form.largestPixel) / 255));
  };
})();
