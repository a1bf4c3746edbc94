// The drawing pad: a canvas for strokes, and the network's prediction, which is updated while the user draws.
"use strict";

(() => {
  const body = document.getElementById("pad-body");
  const modelText = document.getElementById("model");
  if (!body || !modelText) return;
  const model = digitPad.readModel(modelText.textContent);
  const { form, classNames } = model;
  const element = (name) => document.getElementById("pad-" + name);
  const [canvas, cursor, seen, status] = ["canvas", "cursor", "seen", "status"].map(element);
  const side = canvas.width;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const isProbability = model.outputActivation === "softmax";
  /// The width of the pen in canvas pixels. In MNIST, the width of a stroke is about a tenth of the digit's height. A
  /// digit that fills most of the pad is about 200 pixels high.
  const penWidth = 20;
  const maximumBarCount = 10;

  // The contents of the pad: a list of strokes, and possibly a digit of the data set below the strokes. A stroke is a
  // list of points.

  let strokes = [];
  let sample = null;

  function drawSample() {
    const scale = Math.max(1, Math.floor(side / Math.max(form.rowCount, form.columnCount)));
    const [left, top] = [form.columnCount, form.rowCount].map((count) => Math.floor((side - count * scale) / 2));
    sample.pixels.forEach((pixel, index) => {
      const grey = Math.round((pixel * 255) / form.largestPixel);
      context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      const [x, y] = [index % form.columnCount, Math.floor(index / form.columnCount)];
      context.fillRect(left + x * scale, top + y * scale, scale, scale);
    });
  }

  function drawStroke(points) {
    context.beginPath();
    context.moveTo(...points[0]);
    // A stroke of a single point is drawn as a dot.
    for (const point of points.length > 1 ? points.slice(1) : points) context.lineTo(...point);
    context.stroke();
  }

  function draw() {
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    if (sample) drawSample();
    Object.assign(context, { strokeStyle: "#fff", lineWidth: penWidth, lineCap: "round", lineJoin: "round" });
    strokes.forEach(drawStroke);
    askSoon();
  }

  function undo() {
    endStroke();
    if (strokes.length > 0) strokes.pop();
    else sample = null;
    draw();
  }

  function clear() {
    endStroke();
    strokes = [];
    sample = null;
    liftPen();
    draw();
  }

  // The prediction

  const greys = () => context.getImageData(0, 0, side, side).data.filter((_, index) => index % 4 === 0);

  /// Returns the pixels for the network. A digit of the data set is used without preparation if the user has not drawn
  /// on the digit.
  function pixelsSeen() {
    if (sample && strokes.length === 0) return sample.pixels;
    return digitPad.prepare(greys(), side, side, form);
  }

  const percent = (value) => (value * 100).toLocaleString("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const numberText = (value) => (isProbability ? `${percent(value)} %` : value.toFixed(3));

  function makeBars() {
    element("kind").textContent = isProbability ? "Probabilities" : "Outputs";
    const bars = Array.from({ length: Math.min(classNames.length, maximumBarCount) }, () => {
      const row = document.createElement("li");
      const [name, bar, number] = ["bdi", "span", "span"].map((kind) => document.createElement(kind));
      bar.className = "bar";
      number.className = "number";
      row.append(name, bar, number);
      return { row, name, bar, number };
    });
    element("bars").append(...bars.map(({ row }) => row));
    return bars;
  }

  const bars = makeBars();
  const inOrder = classNames.map((_, label) => label);

  function byOutput(outputs) {
    return [...inOrder].sort((one, other) => outputs[other] - outputs[one] || one - other);
  }

  function showBars(outputs) {
    // If there are more classes than bars, the bars show the classes with the largest outputs. Otherwise the bars show
    // all classes in order.
    const labels = outputs && classNames.length > maximumBarCount ? byOutput(outputs) : inOrder;
    const best = outputs ? byOutput(outputs)[0] : null;
    bars.forEach(({ row, name, bar, number }, place) => {
      const label = labels[place];
      const value = outputs ? outputs[label] : 0;
      name.textContent = classNames[label];
      bar.style.setProperty("--value", value);
      number.textContent = outputs ? numberText(value) : "–";
      row.classList.toggle("best", label === best);
    });
  }

  function showSeen(pixels) {
    const picture = new ImageData(form.columnCount, form.rowCount);
    for (let index = 0; index < form.columnCount * form.rowCount; index += 1) {
      const grey = pixels ? Math.round((pixels[index] * 255) / form.largestPixel) : 0;
      picture.data.set([grey, grey, grey, 255], index * 4);
    }
    seen.getContext("2d").putImageData(picture, 0, 0);
  }

  let announcement = "";
  let announcing = 0;

  /// Announces a text to screen readers. The announcement waits for a pause in the drawing.
  function announce(text) {
    announcement = text;
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      if (status.textContent !== announcement) status.textContent = announcement;
    }, 600);
  }

  function sentence(outputs) {
    const [first, second] = byOutput(outputs);
    const said = (label) => `${classNames[label]} (${numberText(outputs[label])})`;
    return `It looks like ${said(first)}` + (second === undefined ? "." : `; the next best class is ${said(second)}.`);
  }

  function answer() {
    const pixels = pixelsSeen();
    const outputs = pixels && model.outputs(pixels);
    showSeen(pixels);
    showBars(outputs);
    const isEmpty = strokes.length === 0 && !sample;
    const text = outputs ? sentence(outputs) : isEmpty ? "The drawing pad is empty." : "No digit was found in the drawing.";
    seen.setAttribute("aria-label", outputs ? `an image of ${form.columnCount} by ${form.rowCount} pixels` : "no image yet");
    announce(sample && strokes.length === 0 ? `${sample.description} ${text}` : text);
    digitPad.state = { pixels: pixels && [...pixels], outputs };
  }

  let isAsked = false;

  /// Schedules a prediction for the next frame of the screen. Each frame has at most one prediction.
  function askSoon() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      answer();
    });
  }

  // Drawing with a pointer: mouse, finger or pen

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * side) / box.width, ((event.clientY - box.top) * side) / box.height];
  }

  let pointer = null;

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    liftPen();
    strokes.push([place(event)]);
    draw();
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1)?.push(...(events.length > 0 ? events : [event]).map(place));
    draw();
  });

  function endStroke() {
    pointer = null;
  }

  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => {
      if (event.pointerId === pointer) endStroke();
    });
  }

  // Drawing with the keyboard: the arrow keys move a pen

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let pen = [side / 2, side / 4];
  let isPenDown = false;

  function showPen() {
    cursor.style.left = `${(pen[0] * 100) / side}%`;
    cursor.style.top = `${(pen[1] * 100) / side}%`;
    cursor.classList.toggle("down", isPenDown);
    cursor.hidden = document.activeElement !== canvas || !canvas.matches(":focus-visible");
  }

  function liftPen() {
    isPenDown = false;
    showPen();
  }

  function movePen([right, down], length) {
    pen = [pen[0] + right * length, pen[1] + down * length].map((value) => Math.max(0, Math.min(side, value)));
    if (isPenDown) strokes.at(-1).push(pen);
  }

  function togglePen() {
    isPenDown = !isPenDown;
    if (isPenDown) strokes.push([pen]);
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== "z")) return;
    if (steps[event.key]) movePen(steps[event.key], event.shiftKey ? 4 : 14);
    else if (event.key === " ") togglePen();
    else if (event.key === "Delete") clear();
    else if (event.key === "Backspace" || event.key === "z") {
      liftPen();
      undo();
    } else return;
    event.preventDefault();
    draw();
    showPen();
  });
  canvas.addEventListener("focus", showPen);
  canvas.addEventListener("blur", liftPen);

  // Digits of the gallery: each click on the button loads the next digit

  const tiles = () => [...document.querySelectorAll("#gallery > li")].filter((tile) => !tile.hidden);
  let nextTile = 0;

  function tryTile() {
    const shown = tiles();
    const tile = shown[nextTile % shown.length];
    nextTile += 1;
    const image = tile.querySelector("img");
    const small = new OffscreenCanvas(form.columnCount, form.rowCount).getContext("2d");
    small.drawImage(image, 0, 0, form.columnCount, form.rowCount);
    const data = small.getImageData(0, 0, form.columnCount, form.rowCount).data;
    clear();
    sample = {
      pixels: Uint8Array.from({ length: form.columnCount * form.rowCount }, (_, index) =>
        Math.round((data[index * 4] * form.largestPixel) / 255)),
      description: `An error from the gallery, ${image.alt}.`,
    };
    draw();
  }

  element("undo").addEventListener("click", undo);
  element("clear").addEventListener("click", clear);
  element("sample").addEventListener("click", () => {
    const image = tiles()[nextTile % tiles().length]?.querySelector("img");
    image?.decode().then(tryTile);
  });

  [seen.width, seen.height] = [form.columnCount, form.rowCount];
  seen.style.aspectRatio = `${form.columnCount} / ${form.rowCount}`;
  element("how").textContent =
    `The drawing is cut out, scaled and placed in an image of ${form.columnCount} by ${form.rowCount} pixels` +
    (form.centring === "mass" ? ", with its centre of mass in the middle." : ", in the middle.") +
    (isProbability ? "" : " The outputs are independent of each other and do not add up to 1.");
  element("sample").hidden = tiles().length === 0;
  body.hidden = false;
  digitPad.model = model;
  draw();
})();
