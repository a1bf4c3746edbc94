"""Opens and reads a page in Chromium by means of Selenium."""

import json
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

PHONE = (360, 740)
DESKTOP = (1280, 800)


class Page:
    """A browser page with access to its contents, requests and console messages."""

    def __enter__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        # Chromium's sandbox does not work for root. The sandbox is not needed, because the browser opens only our own
        # pages.
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def begin(self):
        """Resets the page to the desktop size, light colours, enabled JavaScript and empty logs."""
        self.set_script(True)
        self.set_size(DESKTOP)
        self.set_scheme("light")
        self.driver.get("about:blank")
        self.console()
        self.requests()

    def open(self, run, address=""):
        self.driver.get(run.page.as_uri() + address)

    def evaluate(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def set_size(self, size):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE})

    def set_scheme(self, scheme):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [
                {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def set_script(self, is_enabled):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not is_enabled})

    def console(self):
        """Returns the console messages since the previous call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Returns the addresses that the page has requested since the previous call."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [
            message["params"]["request"]["url"] for message in messages
            if message["method"] == "Network.requestWillBeSent"]

    def shown(self):
        """Returns the indices of the errors that the gallery shows, in the gallery's order."""
        return self.evaluate("""
            return [...document.querySelectorAll("#gallery > li")]
              .filter((tile) => tile.checkVisibility()).map((tile) => Number(tile.dataset.index));""")

    def status(self):
        return self.evaluate("return document.getElementById('shown').textContent;")

    def take_pictures(self, run, folder):
        for width, size in [("phone", PHONE), ("desktop", DESKTOP)]:
            for scheme in ["light", "dark"]:
                self.set_size(size)
                self.set_scheme(scheme)
                self.open(run)
                height = min(self.evaluate("return document.documentElement.scrollHeight;"), 4000)
                self.set_size((size[0], height))
                # Chromium draws the newly visible part of the page only after the size has changed.
                time.sleep(0.3)
                self.driver.save_screenshot(str(folder / f"{run.name}-{width}-{scheme}.png"))
