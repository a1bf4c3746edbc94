"""Checks that the page shows its curves, tables and gallery without JavaScript."""

from selenium.webdriver.common.by import By


def check_content_is_there(page, run):
    page.set_script(False)
    page.open(run)
    find = lambda selector: page.driver.find_elements(By.CSS_SELECTOR, selector)
    assert len(find("figure svg")) == 2 and all(svg.is_displayed() for svg in find("figure svg"))
    assert find("#matrix")[0].is_displayed() and find(".scores")[0].is_displayed() and find(".settings")[0].is_displayed()
    assert not any(element.is_displayed() for element in find(".scripted")), "what only a script makes useful is hidden"
    tiles = find("#gallery > li")
    assert bool(tiles) == bool(run.errors)
    if tiles:
        assert tiles[0].is_displayed()
        actual, predicted = (tiles[0].get_dom_attribute("data-" + key) for key in ("actual", "predicted"))
        assert tiles[0].get_dom_attribute("id") == f"actual={actual}&predicted={predicted}", "where a cell leads to"
