"""A headless Chromium for the page's tests: its fixture, and how tests drive it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

MISSING = "Chromium and its driver are not installed (Debian: apt install chromium chromium-driver)"

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)
_PATIENCE = 10
_CONTRAST = """
  const channel = (v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) layers.unshift(rgba(getComputedStyle(e).backgroundColor));
    return layers.reduce((under, [r, g, b, a]) => {
      const mix = (top, below) => (top * a + below * (255 - a)) / 255;
      return [mix(r, under[0]), mix(g, under[1]), mix(b, under[2])];
    }, [255, 255, 255]);
  };
  return $$(arguments[0]).filter((e) => e.checkVisibility()).map((e) => {
    const [a, b] = [light(rgba(getComputedStyle(e).color)), light(ground(e))];
    return [e.className || e.tagName, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  }).filter(([, ratio]) => ratio < 4.5);
"""
"""How much each text stands out from its ground, as the accessibility guidelines count it."""
Result = TypeVar("Result")


class Browser:
    """One window. Its methods run in a thread, so that the server in this process can answer it."""

    def __init__(self, driver: Chrome) -> None:
        self._driver = driver

    async def run(self, work: Callable[[Chrome], Result]) -> Result:
        """Do something with the driver."""
        return await asyncio.to_thread(work, self._driver)

    async def open(self, address: str) -> None:
        await self.run(lambda driver: driver.get(address))

    async def script(self, source: str, *arguments: object) -> object:
        """What a piece of JavaScript returns; elements are found by `$` and `$$`."""
        tools = "const $ = (s) => document.querySelector(s), $$ = (s) => [...document.querySelectorAll(s)];"
        return await self.run(lambda driver: driver.execute_script(tools + source, *arguments))

    async def until(self, condition: str, *arguments: object) -> object:
        """Wait until a JavaScript expression is true, and return its value."""
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while not (value := await self.script(f"return {condition}", *arguments)):
            if asyncio.get_running_loop().time() > deadline:
                shown = await self.script("return document.body.innerText")
                message = f"never became true: {condition} {arguments}\nthe page shows:\n{shown}"
                raise AssertionError(message)
            await asyncio.sleep(0.03)
        return value

    async def find(self, selector: str, text: str = "") -> WebElement:
        """The last element that fits and has the text in it, once there is one that is shown."""
        shown = "(e) => e.checkVisibility() && e.textContent.includes(arguments[1])"
        return await self.until(f"$$(arguments[0]).filter({shown}).at(-1)", selector, text)

    async def click(self, selector: str, text: str = "") -> None:
        element = await self.find(selector, text)
        await self.run(lambda _: element.click())

    async def type(self, *keys: str) -> None:
        """Press keys where the page has its focus on writing."""
        element = await self.find("#text")
        await self.run(lambda _: element.send_keys(*keys))

    async def text(self, selector: str) -> str:
        """The text of the last element that fits, as it is shown."""
        element = await self.find(selector)
        return str(await self.script("return arguments[0].innerText.trim()", element))

    async def count(self, selector: str) -> int:
        return int(await self.script("return $$(arguments[0]).length", selector))

    async def faint(self, selector: str) -> list[object]:
        """The elements that fit whose contrast is less than 4.5 to 1."""
        return list(await self.script(_CONTRAST, selector))

    async def resize(self, width: int, height: int) -> None:
        await self.command(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    async def command(self, name: str, parameters: dict[str, object]) -> None:
        """A command of Chromium's own protocol."""
        await self.run(lambda driver: driver.execute_cdp_cmd(name, parameters))

    async def screenshot(self, path: Path) -> None:
        await self.run(lambda driver: driver.save_screenshot(str(path)))

    async def complaints(self) -> list[str]:
        """What the browser's console has said since it was asked last."""
        return [entry["message"] for entry in await self.run(lambda driver: driver.get_log("browser"))]


def _start(folder: str) -> Chrome:
    from selenium import webdriver  # noqa: PLC0415 - only who runs these tests needs it
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - as above

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*_FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    """One browser for all tests of a run. Where it is missing they are skipped; in CI they fail."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = tempfile.mkdtemp(prefix="wenxun-chromium-")
    driver = _start(folder)
    try:
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def browser(chromium: Chrome) -> Browser:
    """A window of a known size, language, time zone and appearance, on an empty page."""
    window = Browser(chromium)
    await window.open("about:blank")
    await window.resize(1200, 800)
    await window.command("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Shanghai"})
    await window.command("Emulation.setLocaleOverride", {"locale": "zh-CN"})
    agent = await window.script("return navigator.userAgent")
    await window.command("Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": "zh-CN"})
    await window.command("Emulation.setFocusEmulationEnabled", {"enabled": True})
    light = [
        {"name": "prefers-color-scheme", "value": "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    await window.command("Emulation.setEmulatedMedia", {"features": light})
    await window.complaints()
    return window
