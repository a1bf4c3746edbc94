"""Checks that the page fits a phone, that its text has enough contrast, and that its elements have names."""

from page import DESKTOP, PHONE

CONTRAST = """
const canvas = document.createElement("canvas");
const context = canvas.getContext("2d", { willReadFrequently: true });
function channels(color) {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data];
}
function luminance(color) {
  const [r, g, b] = color.slice(0, 3).map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(element) {
  for (let place = element; place; place = place.parentElement) {
    const color = channels(getComputedStyle(place).backgroundColor);
    if (color[3] === 255) return color;
  }
  return [255, 255, 255, 255];
}
const pale = new Map();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, style, title, desc")) continue;
  const style = getComputedStyle(element);
  const color = channels(element.closest("svg") ? style.fill : style.color);
  const [one, other] = [luminance(color), luminance(ground(element))].sort((a, b) => b - a);
  const contrast = (one + 0.05) / (other + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (contrast < (isLarge ? 3 : 4.5)) pale.set(element.outerHTML.slice(0, 90), contrast.toFixed(2));
}
return [...pale];
"""

NAMELESS = """
const text = (element) => (element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent).trim();
const problems = [];
for (const image of document.images) if (!image.alt) problems.push("img without alt");
for (const control of document.querySelectorAll("a, button, input, select, summary, [role=region], [tabindex='0']"))
  if (!text(control) && !document.getElementById(control.getAttribute("aria-labelledby"))) problems.push(control.outerHTML.slice(0, 80));
for (const svg of document.querySelectorAll("svg")) if (!svg.querySelector("title")) problems.push("svg without title");
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) problems.push("id twice: " + id);
for (const element of document.querySelectorAll("[aria-labelledby]"))
  if (!document.getElementById(element.getAttribute("aria-labelledby"))) problems.push("label missing: " + element.id);
for (const cell of document.querySelectorAll("th")) if (!cell.scope) problems.push("th without scope");
if (!document.documentElement.lang || !document.title) problems.push("no language or title");
return problems;
"""

# The elements that extend beyond the right edge of the page. Elements inside a scrolling element are allowed to do so.
WIDE = """
const width = document.documentElement.clientWidth;
const wide = [...document.body.querySelectorAll("*")].filter((element) =>
  !element.closest(".scroll, .visually-hidden, svg, .skip") && element.getBoundingClientRect().right > width + 1);
return [document.documentElement.scrollWidth, width, wide.map((element) => element.outerHTML.slice(0, 80))];
"""


def check_nothing_is_too_wide(page, run):
    for size in (PHONE, DESKTOP):
        page.set_size(size)
        page.open(run)
        page.evaluate("[...document.querySelectorAll('details')].slice(0, 5).forEach((d) => { d.open = true; });")
        scroll_width, width, wide = page.evaluate(WIDE)
        assert width == size[0] and scroll_width <= width and not wide, (size, scroll_width, wide[:3])


def check_text_stands_out(page, run):
    for scheme in ("light", "dark"):
        page.set_scheme(scheme)
        page.open(run)
        page.evaluate("[...document.querySelectorAll('details')].slice(0, 3).forEach((d) => { d.open = true; });")
        pale = page.evaluate(CONTRAST)
        assert not pale, (scheme, pale[:5])


def check_dark_is_dark(page, run):
    page.set_scheme("dark")
    page.open(run)
    assert page.evaluate("return getComputedStyle(document.body).backgroundColor;") == "rgb(19, 21, 24)"


def check_everything_has_a_name(page, run):
    page.open(run)
    problems = page.evaluate(NAMELESS)
    assert not problems, problems[:5]


def check_names_are_text(page, run):
    page.open(run)
    names = page.evaluate("return [...document.querySelectorAll('#matrix tbody th')].map((th) => th.textContent);")
    assert names == run.class_names, names
    assert page.evaluate("return document.querySelectorAll('#matrix b, #gallery b').length;") == 0


def check_the_focus_is_seen(page, run):
    page.open(run)
    page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9})
    first = page.evaluate("""
        const element = document.activeElement;
        return [element.className, element.getBoundingClientRect().top >= 0, getComputedStyle(element).outlineStyle];""")
    assert first == ["skip", True, "solid"], first
