#!/usr/bin/python3
"""A person at the console, with headless Chromium.

console_browser.py URL PICTURES SCENARIO [ARGUMENT…]

Each scenario logs in as jo, does what a person would, and ends with a complaint and exit code 1 where something is not as it should be. A
picture of each page that it comes to is put into the folder PICTURES.
"""

import sys
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

URL, PICTURES, SCENARIO, *ARGUMENTS = sys.argv[1:]
PATIENCE = 30

# What a screen reader and a keyboard need, and what must not stick out of the window.
FAULTS = """
const width = arguments[0], faults = [];
const scrolls = e => e && (getComputedStyle(e).overflowX === 'auto' || scrolls(e.parentElement));
for (const e of document.body.querySelectorAll('*')) {
  const box = e.getBoundingClientRect();
  if (box.right > width + 1 && box.left >= 0 && !scrolls(e)) faults.push('sticks out: ' + e.outerHTML.slice(0, 90));
}
if (document.documentElement.scrollWidth > width) faults.push('the page is wider than its window');
for (const e of document.querySelectorAll('input:not([type=hidden]), select')) {
  if (!e.labels.length && !e.ariaLabel) faults.push('no label: ' + e.outerHTML.slice(0, 90));
}
for (const e of document.querySelectorAll('button, a')) if (!e.textContent.trim()) faults.push('no words: ' + e.outerHTML);
for (const e of document.querySelectorAll('table')) if (!e.querySelector('th[scope]')) faults.push('a table without heads');
for (const e of document.querySelectorAll('progress')) if (!e.ariaLabel) faults.push('a progress without a name');
if (!document.documentElement.lang || document.querySelectorAll('h1').length !== 1) faults.push('no language, or not one heading');
if (document.querySelectorAll('[style], [onclick], script:not([src])').length) faults.push('something inline');
return faults;
"""


class Person:
    def __init__(self, browser):
        self.browser = browser
        self.width = 1280

    def see(self, width, scheme="light"):
        """In a window of so many pixels; a phone below 500."""
        self.width = width
        device = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def go(self, path):
        self.browser.get(URL + path)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        """At one moment: a page changes while it is looked at."""
        words = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText.replace(/\\s+/g, ' ').trim())"
        return self.browser.execute_script(words, selector)

    def text(self):
        return self.one("body").text

    def fill(self, name, value):
        field = self.one(f"[name={name}]")
        field.clear()
        field.send_keys(value)

    def click(self, selector):
        self.one(selector).click()

    def wait(self, what, condition):
        try:
            WebDriverWait(self.browser, PATIENCE, ignored_exceptions=(Exception,)).until(lambda _: condition())
        except Exception:
            raise AssertionError(f"not within {PATIENCE} s: {what}; there is:\n{self.browser.current_url}\n{self.text()}")

    def wait_text(self, *words):
        self.wait(" and ".join(words), lambda: all(word in self.text() for word in words))

    def picture(self, name):
        """Of the whole page; and nothing on it is out of reach."""
        faults = self.browser.execute_script(FAULTS, self.width)
        assert not faults, f"{name}: {faults}"
        self.browser.save_screenshot(f"{PICTURES}/{name}.png")

    def complaints(self):
        """What the browser complains of: a script that was refused, a file that was not found."""
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def log_in(self, name="jo", password="correct horse"):
        self.go("/")
        self.wait("the page to log in", lambda: self.one("input[name=password]"))
        self.fill("name", name)
        self.fill("password", password + Keys.ENTER)

    def begin(self, version, hosts=None, confirmation=None, **fields):
        """On an application's page: what is ticked, typed and clicked."""
        self.wait("hosts that answer", lambda: len(self.all("input[name=host]:checked")) > 0)
        if hosts is not None:
            for host in self.browser.execute_script("return [...document.querySelectorAll('input[name=host]')].map(e => e.value)"):
                if self.one(f"input[name=host][value='{host}']").is_selected() != (host in hosts):
                    self.click(f"input[name=host][value='{host}']")
        self.fill("version", version)
        if fields:
            self.click("#wish summary")
        for name, value in fields.items():
            if value is True:
                self.click(f"[name={name}]")
            else:
                self.fill(name, value)
        if confirmation is not None:
            self.fill("confirmation", confirmation)
        self.click("#begin")


@contextmanager
def person():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        browser.set_page_load_timeout(PATIENCE)
        someone = Person(browser)
        someone.see(1280)
        yield someone
    finally:
        browser.quit()


def log_in(jo):
    jo.log_in(password="wrong")
    jo.wait_text("wrong name or password")
    jo.picture("log-in")
    jo.log_in()
    jo.wait_text("Fleet", "shop in development")
    jo.wait("versions on the fleet's page", lambda: "1 on 3" in jo.text())
    jo.picture("fleet")
    jo.see(375)
    jo.picture("fleet-phone")
    jo.see(1280, "dark")
    jo.picture("fleet-dark")
    jo.click("form[action='/logout'] button")
    jo.wait("the page to log in", lambda: jo.one("input[name=password]"))
    jo.go("/history")
    jo.wait("the page to log in again", lambda: jo.one("input[name=password]"))


def one_click(jo):
    """To all of development: nothing is typed, and one button clicked."""
    jo.log_in()
    jo.wait("the link", lambda: jo.one("a[href='/apps/shop/development']"))
    jo.click("a[href='/apps/shop/development']")
    jo.wait("three hosts ticked", lambda: len(jo.all("input[name=host]:checked")) == 3)
    version = ARGUMENTS[0]
    # It is the first that is offered, and the button says what it will do.
    assert jo.one("[name=version]").get_attribute("value") == version, jo.one("[name=version]").get_attribute("value")
    assert jo.one("#begin").text == f"Deploy {version} on 3 hosts", jo.one("#begin").text
    jo.picture("application")
    jo.click("#begin")
    # Nobody loads the page again.
    jo.wait_text("Ended:", "3 of 3 done")
    jo.wait("three rows that say done", lambda: [("done" in row) for row in jo.texts("#hosts tr")] == [True] * 3)
    jo.picture("rollout")
    jo.see(375)
    jo.picture("rollout-phone")


def two_chosen(jo):
    """To two of production: the environment's name has to be typed."""
    jo.log_in()
    jo.wait("the fleet", lambda: jo.one("a[href='/apps/shop/production']"))
    jo.go("/apps/shop/production")
    chosen = ["web1.example", "web3.example"]
    jo.wait("four hosts", lambda: len(jo.all("input[name=host]:checked")) == 4)
    # The browser itself wants the right name.
    jo.begin("2", hosts=chosen, confirmation="staging")
    assert "/apps/" in jo.browser.current_url
    jo.fill("confirmation", "production")
    assert jo.one("#begin").text == "Deploy 2 on 2 hosts", jo.one("#begin").text
    jo.see(375)
    jo.picture("application-phone")
    jo.see(1280)
    jo.click("#begin")
    jo.wait_text("Ended:", "2 of 2 done")
    jo.go("/apps/shop/production")
    jo.wait("two of each", lambda: sorted(row.split()[1] for row in jo.texts("#hosts tr")) == ["1", "1", "2", "2"])


def rolls_back(jo):
    """One that fails, and has the others go back by themselves; then one that a person takes back."""
    jo.log_in()
    jo.wait("the fleet", lambda: jo.one("a[href='/apps/shop/production']"))
    jo.go("/apps/shop/production")
    jo.begin("3", confirmation="production", wave="1", rollback_on_failure=True)
    jo.wait_text("Went back:", "1 failed")
    assert "gone back" in jo.text(), jo.text()
    jo.picture("rollout-went-back")


def takes_back(jo):
    jo.log_in()
    jo.wait("the fleet", lambda: jo.one("a[href='/apps/shop/development']"))
    jo.go("/apps/shop/development")
    jo.begin("3")
    jo.wait_text("Ended:", "3 of 3 done")
    jo.click("#turn-rollback")
    jo.wait_text("Went back:", "3 gone back")
    assert not jo.all("#turn-rollback"), jo.text()


def steers(jo):
    """A rollout whose hosts are held: its lines show the step and what it writes, and it is stopped and cancelled."""
    jo.log_in()
    jo.wait("the fleet", lambda: jo.one("a[href='/apps/shop/development']"))
    jo.go("/apps/shop/development")
    jo.begin("3", wave="1")
    jo.wait_text("1 under way", "migrating to 3", "before")
    jo.click("#hosts summary")
    jo.picture("rollout-at-work")
    jo.click("#turn-stop")
    jo.wait_text("Stopping:", "no other host begins")
    jo.click("#turn-cancel")
    jo.wait_text("1 failed", "2 waiting")
    assert not jo.all(".turns button"), jo.texts(".turns button")


def history(jo):
    jo.log_in()
    jo.wait("the fleet", lambda: jo.one("a[href='/history']"))
    jo.click("a[href='/history']")
    jo.wait("rollouts", lambda: len(jo.all("#rollouts tr")) > 2)
    jo.picture("history")
    jo.fill("environment", "development")
    jo.click("form.row button")
    jo.wait("only development", lambda: all("in development" in row for row in jo.texts("#rollouts tr")))
    rows = jo.texts("#rollouts tr")
    assert rows and all("jo@" in row for row in rows), rows
    jo.see(375)
    jo.picture("history-phone")
    # The address of one is for ever, and can be sent to somebody.
    address = jo.one("#rollouts a").get_attribute("href")
    jo.browser.get(address)
    jo.wait_text("on shop in development")


def hostile(jo):
    """What hosts write is text, whatever stands in it."""
    jo.log_in()
    jo.wait("the fleet", lambda: jo.one("a[href='/apps/shop/development']"))
    jo.go("/apps/shop/development")
    jo.begin("2")
    jo.wait_text("<script>", "Ended:")
    # As it came with an event, and as it comes with the page.
    for _ in range(2):
        assert jo.browser.execute_script("return window.pwned") is None
        assert not jo.all("#hosts script, #hosts img"), jo.one("#hosts").get_attribute("innerHTML")
        jo.browser.refresh()
        jo.wait_text("<script>")
    jo.picture("rollout-hostile")


with person() as jo:
    {
        "log-in": log_in, "one-click": one_click, "two-chosen": two_chosen, "rolls-back": rolls_back,
        "takes-back": takes_back, "steers": steers, "history": history, "hostile": hostile,
    }[SCENARIO](jo)
    # Of the wrong password it complains itself, as of every answer of 400 and more.
    complaints = [words for words in jo.complaints() if "401" not in words]
    assert not complaints, complaints
