"""Checks the drawing pad: drawing with mouse, finger or keys, the predictions, undo and clear."""

import time

from page import PHONE
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

# The strokes of some handwritten digits. A stroke is a list of points in a square of side 1.
STROKES = {
    0: [[(0.5, 0.12), (0.3, 0.25), (0.25, 0.5), (0.32, 0.78), (0.5, 0.88), (0.7, 0.75), (0.75, 0.5), (0.7, 0.24), (0.5, 0.12)]],
    1: [[(0.5, 0.12), (0.5, 0.88)]],
    2: [[(0.28, 0.3), (0.38, 0.15), (0.6, 0.13), (0.72, 0.28), (0.66, 0.48), (0.28, 0.86), (0.75, 0.86)]],
    3: [[(0.3, 0.18), (0.5, 0.12), (0.68, 0.22), (0.66, 0.4), (0.46, 0.48), (0.68, 0.56), (0.72, 0.74), (0.54, 0.88), (0.28, 0.82)]],
    4: [[(0.35, 0.15), (0.26, 0.55), (0.74, 0.52)], [(0.66, 0.15), (0.62, 0.88)]],
    5: [[(0.7, 0.14), (0.36, 0.14), (0.33, 0.46), (0.55, 0.42), (0.7, 0.58), (0.66, 0.8), (0.45, 0.88), (0.28, 0.8)]],
    6: [[(0.62, 0.12), (0.4, 0.32), (0.3, 0.62), (0.4, 0.86), (0.62, 0.84), (0.68, 0.66), (0.52, 0.56), (0.34, 0.68)]],
    7: [[(0.26, 0.16), (0.74, 0.16), (0.56, 0.5), (0.46, 0.88)]],
    8: [[(0.66, 0.2), (0.44, 0.12), (0.34, 0.28), (0.62, 0.54), (0.68, 0.76), (0.5, 0.88), (0.34, 0.76), (0.42, 0.54), (0.66, 0.32), (0.66, 0.2)]],
    9: [[(0.68, 0.3), (0.52, 0.14), (0.34, 0.24), (0.36, 0.44), (0.56, 0.48), (0.68, 0.3), (0.66, 0.6), (0.58, 0.88)]],
}


def needs_pad(page, run):
    """Opens the page and returns whether the page has a drawing pad.

    A page may lack the pad only if the model has weights that do not fit into float32.
    """
    page.open(run)
    there = page.evaluate("return Boolean(document.getElementById('pad-canvas'));")
    assert there or run.name == "diverged", "there is no pad"
    return there


def canvas_box(page):
    return page.evaluate("""
        const canvas = document.getElementById("pad-canvas");
        canvas.scrollIntoView({ block: "center", behavior: "instant" });
        const { left, top, width, height } = canvas.getBoundingClientRect();
        return [left, top, width, height];""")


def points_between(stroke, count=6):
    yield stroke[0]
    for (x, y), (u, v) in zip(stroke, stroke[1:]):
        for step in range(1, count + 1):
            yield x + (u - x) * step / count, y + (v - y) * step / count


def draw(page, strokes, how="mouse"):
    left, top, width, height = canvas_box(page)
    command = page.driver.execute_cdp_cmd
    for stroke in strokes:
        points = [(left + x * width, top + y * height) for x, y in points_between(stroke)]
        if how == "mouse":
            send = lambda kind, x, y: command("Input.dispatchMouseEvent", {
                "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1})
            send("mousePressed", *points[0])
            for point in points[1:]:
                send("mouseMoved", *point)
            send("mouseReleased", *points[-1])
        else:
            send = lambda kind, *places: command("Input.dispatchTouchEvent", {
                "type": kind, "touchPoints": [{"x": x, "y": y} for x, y in places]})
            send("touchStart", points[0])
            for point in points[1:]:
                send("touchMove", point)
            send("touchEnd")
    return answer(page)


def answer(page):
    """Waits for the outputs for the current drawing and returns them. Returns None for an empty pad."""
    return page.driver.execute_async_script("""
        const done = arguments[0];
        requestAnimationFrame(() => requestAnimationFrame(() => done(digitPad.state.outputs)));""")


def best(outputs):
    return max(range(len(outputs)), key=outputs.__getitem__)


def ink(page):
    return page.evaluate("""
        const canvas = document.getElementById("pad-canvas");
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return data.reduce((sum, value, index) => sum + (index % 4 === 0 && value > 127 ? 1 : 0), 0);""")


def bars(page):
    return page.evaluate("""
        return [...document.querySelectorAll("#pad-bars li")].map((row) =>
          [row.querySelector("bdi").textContent, row.querySelector(".number").textContent, row.classList.contains("best")]);""")


def check_digits_drawn_with_the_mouse_are_named(page, run):
    if run.name != "mnist":
        return
    page.open(run)
    for digit, strokes in STROKES.items():
        outputs = draw(page, strokes)
        assert best(outputs) == digit, f"a {digit} was taken for a {best(outputs)}: {outputs}"
        assert abs(sum(outputs) - 1) < 1e-9
        shown = bars(page)
        assert [name for name, _, is_best in shown if is_best] == [str(digit)]
        assert shown[digit][1] == f"{outputs[digit] * 100:.1f} %", shown[digit]
        page.driver.find_element(By.ID, "pad-clear").click()


def check_a_finger_draws_and_does_not_scroll(page, run):
    page.set_size(PHONE)
    if not needs_pad(page, run):
        return
    page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    try:
        canvas_box(page)
        before = page.evaluate("return scrollY;")
        outputs = draw(page, STROKES[1], "finger")
        assert outputs and ink(page) > 2000, ink(page)
        assert page.evaluate("return scrollY;") == before
        if run.name == "mnist":
            assert best(outputs) == 1
    finally:
        page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def check_strokes_are_undone_one_by_one_and_cleared(page, run):
    if not needs_pad(page, run):
        return
    assert ink(page) == 0 and answer(page) is None
    draw(page, STROKES[4][:1])
    one = ink(page)
    first = answer(page)
    draw(page, STROKES[4][1:])
    assert ink(page) > one > 0
    page.driver.find_element(By.ID, "pad-undo").click()
    assert ink(page) == one and answer(page) == first
    page.driver.find_element(By.ID, "pad-undo").click()
    assert ink(page) == 0 and answer(page) is None
    page.driver.find_element(By.ID, "pad-undo").click()
    draw(page, STROKES[4])
    page.driver.find_element(By.ID, "pad-clear").click()
    assert ink(page) == 0 and answer(page) is None
    assert page.console() == []


def check_keys_draw(page, run):
    if not needs_pad(page, run):
        return
    canvas = page.driver.find_element(By.ID, "pad-canvas")
    page.evaluate("arguments[0].focus();", canvas)
    press = lambda *keys: page.driver.switch_to.active_element.send_keys(*keys)
    press(*[Keys.ARROW_UP] * 2)
    assert ink(page) == 0, "a lifted pen draws nothing"
    press(Keys.SPACE, *[Keys.ARROW_DOWN] * 14)
    outputs = answer(page)
    assert ink(page) > 3000, ink(page)
    if run.name == "mnist":
        assert best(outputs) == 1, outputs
    one = ink(page)
    press(Keys.SPACE, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert ink(page) == one
    press(Keys.SPACE, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert ink(page) > one
    press(Keys.BACKSPACE)
    answer(page)
    assert ink(page) == one
    press(Keys.DELETE)
    answer(page)
    assert ink(page) == 0
    press(Keys.TAB)
    assert page.evaluate("return document.activeElement.id;") == "pad-undo", "the tab key leads on"


def check_the_answer_is_said(page, run):
    if not needs_pad(page, run):
        return
    outputs = draw(page, STROKES[7])
    time.sleep(0.9)
    said = page.evaluate("return document.getElementById('pad-status').textContent;")
    assert said.startswith(f"It looks like {run.class_names[best(outputs)]} ("), said
    assert page.evaluate("return document.getElementById('pad-status').getAttribute('role');") == "status"


def check_an_error_of_the_gallery_is_answered_as_it_was(page, run):
    if not needs_pad(page, run) or not run.errors:
        return
    canvas_box(page)
    page.driver.find_element(By.ID, "pad-sample").click()
    time.sleep(0.2)
    outputs = answer(page)
    row = next(row for row in run.errors if int(row["index"]) == page.shown()[0])
    assert best(outputs) == int(row["predicted"]) or run.name == "diverged", (outputs, row)
    assert abs(max(outputs) - float(row["confidence"])) < 1e-5, (outputs, row)
    assert ink(page) > 0
    page.driver.find_element(By.ID, "pad-undo").click()
    assert ink(page) == 0
