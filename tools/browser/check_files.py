"""Checks that the page is a single file, loads nothing else and prints nothing to the console."""


def check_nothing_is_asked_for(page, run):
    page.open(run)
    page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true; });")
    asked = [url for url in page.requests() if not url.startswith("data:")]
    assert asked == [run.page.as_uri()], f"asked for {asked}"
    assert page.console() == [], "the console is not empty"


def check_size(page, run):
    size = run.page.stat().st_size
    limit = 3_000_000 if run.name == "mnist" else 4_000_000
    assert size <= limit, f"{size} bytes, expected at most {limit}"


def check_headings_are_in_order(page, run):
    page.open(run)
    levels = page.evaluate("return [...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]));")
    assert levels.count(1) == 1 and levels[0] == 1, levels
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels


def check_what_went_wrong_is_said(page, run):
    page.open(run)
    remarks = page.evaluate("return [...document.querySelectorAll('.remark')].map((p) => p.textContent).join(' ');")
    if run.name == "diverged":
        assert run.status == 65 and "diverged" in remarks, remarks
    if run.name == "interrupted":
        assert run.status == 130 and "interrupted" in remarks, remarks
    if run.name == "article":
        assert remarks == "", remarks
