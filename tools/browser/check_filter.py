"""Checks the gallery's filter. Mouse, keyboard and address can select one cell of the confusion matrix."""

import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

# The largest number of cells that are tested. A confusion matrix can have thousands of cells.
MAXIMUM_CELL_COUNT = 60


def expected(run, everything, actual=None, predicted=None):
    in_page = set(everything)
    return [index for index in run.indices(actual, predicted) if index in in_page]


def some(pairs):
    return pairs[:: max(1, len(pairs) // MAXIMUM_CELL_COUNT)]


def cell(page, actual, predicted):
    return page.driver.find_element(
        By.CSS_SELECTOR, f'#matrix td a[href="#actual={actual}&predicted={predicted}"]')


def check_all_errors_are_there_worst_first(page, run):
    page.open(run)
    everything = page.shown()
    assert everything == run.indices()[: len(everything)], "not the worst first"
    if len(everything) < len(run.errors):
        assert len(everything) >= 100 and f"worst {len(everything)} of " in page.status(), page.status()


def check_matrix_counts_the_predictions(page, run):
    page.open(run)
    cells = page.evaluate("""
        return [...document.querySelectorAll("#matrix tbody tr")].map((row) =>
          [...row.cells].slice(1).map((cell) => Number(cell.textContent.replaceAll(",", ""))));""")
    count = len(run.class_names)
    counts = [[0] * count for _ in range(count)]
    for row in run.predictions:
        counts[int(row["actual"])][int(row["predicted"])] += 1
    assert cells == counts


def check_a_click_on_a_cell_leaves_its_errors(page, run):
    page.open(run)
    everything = page.shown()
    pairs = some(run.pairs())
    # One script makes all clicks. Sending the browser a message for each click would take much longer.
    results = page.evaluate("""
        return arguments[0].map(([actual, predicted]) => {
          const address = `#actual=${actual}&predicted=${predicted}`;
          document.querySelector(`#matrix td a[href="${address}"]`).click();
          const tiles = [...document.querySelectorAll("#gallery > li")].filter((tile) => tile.checkVisibility());
          return [tiles.map((tile) => Number(tile.dataset.index)), document.getElementById("shown").textContent,
                  location.hash === address];
        });""", pairs)
    for (actual, predicted), (shown, status, is_in_address) in zip(pairs, results, strict=True):
        assert shown == expected(run, everything, actual, predicted), (actual, predicted)
        count = len(run.indices(actual, predicted))
        assert status.startswith(f"{count} error"), status
        assert len(shown) == count or "worst" in status, status
        assert is_in_address, (actual, predicted)
    if run.errors:
        page.driver.find_element(By.ID, "all").click()
        assert page.shown() == everything


def check_a_real_click_does_so_too(page, run):
    page.open(run)
    if run.errors:
        everything = page.shown()
        actual, predicted = run.pairs()[0]
        cell(page, actual, predicted).click()
        assert page.shown() == expected(run, everything, actual, predicted)
        cell(page, actual, predicted).click()
        assert page.shown() == everything, "a second click shows all again"
        page.driver.back()
        assert page.shown() == expected(run, everything, actual, predicted), "back leads back"


def check_headings_filter_by_class(page, run):
    page.open(run)
    everything = page.shown()
    for key, label in [("actual", pair[0]) for pair in run.pairs()[:3]] + [("predicted", pair[1]) for pair in run.pairs()[:3]]:
        page.evaluate(f"document.querySelector('#matrix th a[href=\"#{key}={label}\"]').click();")
        # If the heading was already selected, this click has removed the filter.
        if page.evaluate("return location.hash;") == "#errors":
            continue
        assert page.shown() == expected(run, everything, **{key: label}), (key, label)


def check_the_keyboard_reaches_every_cell(page, run):
    page.open(run)
    if run.name not in ("article", "names", "mnist"):
        return
    everything = page.shown()
    stops = page.evaluate("return [...document.querySelectorAll('#matrix a')].filter((a) => a.tabIndex === 0).length;")
    assert stops == 1, f"{stops} stops of the tab key in the matrix"
    page.evaluate("document.querySelector('#matrix a[tabindex=\"0\"]').focus();")
    press = lambda key: page.driver.switch_to.active_element.send_keys(key)
    address = lambda: page.evaluate("return document.activeElement.getAttribute('href');")
    reached = set()
    press(Keys.HOME)
    while True:
        before = address()
        press(Keys.ARROW_UP)
        if address() == before or "actual" not in address():
            break
    if "actual" not in address():
        press(Keys.ARROW_DOWN)
    while True:
        press(Keys.HOME)
        heading = address()
        while True:
            before = address()
            press(Keys.ARROW_RIGHT)
            if address() == before:
                break
            press(Keys.ENTER if len(reached) % 2 else Keys.SPACE)
            actual, predicted = (int(part.split("=")[1]) for part in address()[1:].split("&"))
            assert page.shown() == expected(run, everything, actual, predicted), (actual, predicted)
            reached.add((actual, predicted))
        press(Keys.HOME)
        press(Keys.ARROW_DOWN)
        if address() == heading:
            break
    assert reached == set(run.pairs()), f"not reached: {set(run.pairs()) - reached}"


def check_an_address_filters_and_sorts(page, run):
    page.open(run)
    everything = page.shown()
    if not run.errors:
        return
    actual, predicted = run.pairs()[-1]
    page.open(run, f"?#actual={actual}&predicted={predicted}")
    assert page.shown() == expected(run, everything, actual, predicted)
    page.open(run, f"?again#predicted={predicted}&sort=index")
    assert page.shown() == sorted(expected(run, everything, predicted=predicted))
    page.open(run, "?broken#actual=999&predicted=x&sort=y&%E0%A4%A")
    assert page.shown() == everything
    page.open(run, "?confidence#sort=confidence")
    confidences = page.evaluate("return [...document.querySelectorAll('#gallery > li')].map((li) => Number(li.dataset.confidence));")
    assert confidences == sorted(confidences, reverse=True)
    page.open(run, f"?section#actual={actual}")
    page.evaluate("location.hash = '#training';")
    time.sleep(0.1)
    assert page.shown() == expected(run, everything, actual), "a section's address keeps the choice"
