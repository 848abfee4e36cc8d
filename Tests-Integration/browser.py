#!/usr/bin/python3
"""Looks at a page with headless Chromium, and tells what is there as one JSON object.

browser.py URL WIDTH PICTURE [dark]   in a window of so many pixels; below 500 as a phone. The picture is a PNG of the whole page.

console: what the browser complains of; requests: every address that was asked for; overflow: pixels that the page is wider than its
window; wide: elements that stick out of it and do not scroll by themselves; smallest: the smallest letters' size in pixels;
texts: by the test's selectors.
"""

import json
import sys

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

LOOK = """
// Not innerWidth: a phone makes that as wide as the page.
const width = arguments[0];
const scrolls = e => e && (getComputedStyle(e).overflowX === 'auto' || scrolls(e.parentElement));
const all = [...document.body.querySelectorAll('*')];
const shown = all.filter(e => e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
const text = s => [...document.querySelectorAll(s)].map(e => e.innerText.replace(/\\s+/g, ' ').trim());
return {
  title: document.title,
  overflow: document.documentElement.scrollWidth - width,
  wide: all.filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e)).map(e => e.outerHTML.slice(0, 80)),
  smallest: Math.min(...shown.filter(e => !e.closest('svg')).map(e => parseFloat(getComputedStyle(e).fontSize)),
    ...[...document.querySelectorAll('svg text')].map(e => e.getBoundingClientRect().height)),
  headings: text('h2'), tiles: text('.tiles li'), alerts: text('#alerts tbody tr'), hosts: text('#hosts tbody tr'),
  sinks: text('#sinks tbody tr'), picture: [...document.querySelectorAll('#trips svg polyline, #trips svg circle')].map(e => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return {kind: e.getAttribute('class'), visible: box.width > 0 && style.stroke + style.fill !== 'nonenone'};
  }),
};
"""


def look(url, width, picture, scheme="light"):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        browser.set_page_load_timeout(30)
        device = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        browser.get(url)
        seen = browser.execute_script(LOOK, width)
        seen["console"] = [entry["message"] for entry in browser.get_log("browser")]
        events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
        seen["requests"] = [
            event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        height = browser.execute_script("return document.documentElement.scrollHeight")
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**device, "height": height})
        browser.save_screenshot(picture)
        return seen
    finally:
        browser.quit()


print(json.dumps(look(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])))
