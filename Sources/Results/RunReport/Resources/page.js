// The script of the report page. It filters the gallery by clicks on the confusion matrix, and sorts the gallery.
// Without the script, the page still shows the matrix and all tiles of the gallery.
"use strict";
(() => {
  const gallery = document.getElementById("gallery");
  const matrix = document.getElementById("matrix");
  if (!gallery || !matrix) return;
  const tiles = [...gallery.children];
  const shown = document.getElementById("shown");
  const sort = document.getElementById("sort");
  const everything = shown.textContent;
  const names = [...matrix.tBodies[0].rows].map((row) => row.cells[0].textContent);

  const plural = (count) => `${count.toLocaleString("en")} ${count === 1 ? "error" : "errors"}`;

  // The fragment of the page address stores the filter and the order, for example #actual=2&predicted=0&sort=index.
  // Default values are omitted.

  function readAddress() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const label = (key) => {
      const text = parts.get(key);
      return text !== null && /^\d+$/.test(text) && Number(text) < names.length ? Number(text) : null;
    };
    const order = [...sort.options].some((option) => option.value === parts.get("sort")) ? parts.get("sort") : "loss";
    return { actual: label("actual"), predicted: label("predicted"), order };
  }

  function address({ actual, predicted, order }) {
    const parts = [];
    if (actual !== null) parts.push(`actual=${actual}`);
    if (predicted !== null) parts.push(`predicted=${predicted}`);
    if (order !== "loss") parts.push(`sort=${order}`);
    return "#" + (parts.join("&") || "errors");
  }

  // The filtered and sorted gallery

  const orders = {
    loss: (one, other) => number(other, "loss") - number(one, "loss"),
    confidence: (one, other) => number(other, "confidence") - number(one, "confidence"),
    index: () => 0,
  };

  // An empty value stands for an output that is not a finite number. An error with such an output counts as the worst,
  // so it gets the largest value.
  const number = (tile, key) => (tile.dataset[key] === "" ? 1e300 : Number(tile.dataset[key]));

  function arrange(order) {
    tiles.sort((one, other) => orders[order](one, other) || number(one, "index") - number(other, "index"));
    gallery.append(...tiles);
  }

  /// Returns the number of errors in the whole test part that match the filter. The gallery may show fewer errors.
  function errorCount({ actual, predicted }) {
    let count = 0;
    for (const link of matrix.querySelectorAll("td a")) {
      const cell = new URLSearchParams(link.hash.slice(1));
      if (actual !== null && Number(cell.get("actual")) !== actual) continue;
      if (predicted !== null && Number(cell.get("predicted")) !== predicted) continue;
      count += Number(link.textContent.replaceAll(",", ""));
    }
    return count;
  }

  function describe(state, shownCount) {
    if (state.actual === null && state.predicted === null) return everything;
    const what =
      state.actual === null
        ? `predicted as ${names[state.predicted]}`
        : `${names[state.actual]} predicted as ${state.predicted === null ? "another class" : names[state.predicted]}`;
    const count = errorCount(state);
    if (shownCount === count) return `${plural(count)}: ${what}`;
    if (shownCount === 0) return `${plural(count)}: ${what}; none of them is among the ${tiles.length} worst errors on this page`;
    return `${plural(count)}: ${what}; this page has the ${shownCount.toLocaleString("en")} worst of them`;
  }

  function mark({ actual, predicted }) {
    for (const cell of matrix.querySelectorAll(".selected")) cell.classList.remove("selected");
    for (const link of matrix.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    if (actual === null && predicted === null) return;
    const row = actual === null ? matrix.tHead.rows[0] : matrix.tBodies[0].rows[actual];
    const cell = row.cells[predicted === null ? 0 : predicted + 1];
    cell.classList.add("selected");
    cell.querySelector("a")?.setAttribute("aria-current", "true");
  }

  function show() {
    const state = readAddress();
    sort.value = state.order;
    arrange(state.order);
    let count = 0;
    for (const tile of tiles) {
      const isShown =
        (state.actual === null || Number(tile.dataset.actual) === state.actual) &&
        (state.predicted === null || Number(tile.dataset.predicted) === state.predicted);
      tile.hidden = !isShown;
      if (isShown) count += 1;
    }
    mark(state);
    shown.textContent = describe(state, count);
  }

  // Scrolling: after a choice, the gallery is moved into view if it is out of view.

  function bringIntoView() {
    const heading = document.getElementById("gallery-heading");
    const top = heading.getBoundingClientRect().top;
    if (top < 0 || top > innerHeight * 0.7) heading.scrollIntoView({ block: "start" });
  }

  function go(state) {
    history.pushState(null, "", address(state));
    show();
    bringIntoView();
  }

  function choose(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const parts = new URLSearchParams(link.hash.slice(1));
    const label = (key) => (parts.has(key) ? Number(parts.get(key)) : null);
    const chosen = { actual: label("actual"), predicted: label("predicted"), order: sort.value };
    const present = readAddress();
    // Choosing the current cell again removes the filter.
    const isSame = chosen.actual === present.actual && chosen.predicted === present.predicted;
    go(isSame ? { actual: null, predicted: null, order: sort.value } : chosen);
  }

  // Keyboard: the Tab key moves the focus to one link in the matrix. The arrow keys then move the focus to the next
  // cell with errors.

  function links() {
    return [...matrix.querySelectorAll("a")];
  }

  function place(link) {
    const cell = link.closest("th, td");
    return { column: cell.cellIndex, row: cell.parentNode.rowIndex };
  }

  const directions = {
    ArrowLeft: { row: 0, column: -1 },
    ArrowRight: { row: 0, column: 1 },
    ArrowUp: { row: -1, column: 0 },
    ArrowDown: { row: 1, column: 0 },
  };

  function neighbour(link, { row: down, column: right }) {
    const from = place(link);
    let [row, column] = [from.row + down, from.column + right];
    while (matrix.rows[row]?.cells[column]) {
      const found = matrix.rows[row].cells[column].querySelector("a");
      if (found) return found;
      row += down;
      column += right;
    }
    return null;
  }

  function focus(link) {
    for (const other of links()) other.tabIndex = other === link ? 0 : -1;
    link.focus();
  }

  function move(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const inRow = () => [...link.closest("tr").querySelectorAll("a")];
    const target = directions[event.key]
      ? neighbour(link, directions[event.key])
      : event.key === "Home"
        ? inRow()[0]
        : event.key === "End"
          ? inRow().at(-1)
          : undefined;
    if (target === undefined) {
      if (event.key === " ") {
        event.preventDefault();
        link.click();
      }
      return;
    }
    event.preventDefault();
    if (target) focus(target);
  }

  for (const element of document.querySelectorAll(".scripted")) element.hidden = false;
  const cells = links();
  const first = matrix.querySelector("td a") ?? cells[0];
  for (const link of cells) link.tabIndex = link === first ? 0 : -1;
  matrix.addEventListener("keydown", move);
  matrix.addEventListener("click", choose);
  document.querySelector(".pairs")?.addEventListener("click", choose);
  document.getElementById("all").addEventListener("click", (event) => {
    event.preventDefault();
    go({ actual: null, predicted: null, order: sort.value });
  });
  sort.addEventListener("change", () => go({ ...readAddress(), order: sort.value }));
  // A link to a section of the page also changes the fragment. Such a link must not change the filter.
  addEventListener("popstate", () => {
    if (/^$|^#errors$|=/.test(location.hash)) show();
  });
  show();
  if (/actual=|predicted=|sort=/.test(location.hash)) bringIntoView();
})();
