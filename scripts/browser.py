"""A headless Chromium, spoken to over two pipes: how a page looks, and what it asks for."""
import base64
import fcntl
import json
import os
import subprocess

# What a page calls system-ui is drawn as on telephones, not with whatever font is the first one here.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{folder}/fonts</cachedir>
<match target="pattern"><test name="family" qual="any"><string>sans</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family" qual="any"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
<match target="pattern"><test name="family" qual="any"><string>system-ui</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>
</fontconfig>
"""


class Browser:
    """Ends with its `with` statement. `folder` is a temporary one for its profile."""

    def __init__(self, folder):
        fonts = f"{folder}/fonts.conf"
        with open(fonts, "w") as file:
            file.write(FONTS.format(folder=folder))
        theirs, self.out = self._pipe()
        self.back, answers = self._pipe()

        def plug():
            os.dup2(theirs, 3)
            os.dup2(answers, 4)

        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                     "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync", "--disable-extensions",
                     "--force-color-profile=srgb", f"--user-data-dir={folder}/profile"]
        self.process = subprocess.Popen(
            ["chromium", *arguments], preexec_fn=plug, pass_fds=(3, 4), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "FONTCONFIG_FILE": fonts})
        os.close(theirs)
        os.close(answers)
        self.number, self.buffer, self.events = 0, b"", []

    @staticmethod
    def _pipe():
        """Both ends beyond 4, so that they are not in the way of those that the browser wants."""
        ends = os.pipe()
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
        for end in ends:
            os.close(end)
        return moved

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.out)
        os.close(self.back)
        self.process.terminate()
        self.process.wait()

    def _read(self):
        while b"\0" not in self.buffer:
            part = os.read(self.back, 1 << 20)
            if not part:
                raise EOFError("the browser ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, session=None, **parameters):
        self.number += 1
        question = {"id": self.number, "method": method, "params": parameters}
        if session:
            question["sessionId"] = session
        os.write(self.out, json.dumps(question).encode() + b"\0")
        while True:
            message = self._read()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        """Of the events that have not been waited for."""
        while True:
            for index, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(index)
            self.events.append(self._read())

    def open(self, path, width, height=900, dark=False, media="", scale=1):
        return View(self, path, width, height, dark, media, scale)


class View:
    """A page in a window of its own; `requests` are the addresses that it asked for."""

    def __init__(self, browser, path, width, height, dark, media, scale):
        self.browser, self.width = browser, width
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.ask(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Network"]:
            self._ask(f"{domain}.enable")
        self._ask("Page.setBypassCSP", enabled=True)
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=width < 600)
        self._ask("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        browser.events.clear()
        self._ask("Page.navigate", url=f"file://{os.path.abspath(path)}")
        browser.wait("Page.loadEventFired")
        self.requests = [
            event["params"]["request"]["url"] for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"]
        self.target = target

    def _ask(self, method, **parameters):
        return self.browser.ask(method, self.session, **parameters)

    def value(self, expression):
        """What an expression of JavaScript comes to, or what its promise does."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def picture(self, path, height=None, top=0):
        """As PNG: the whole page, or `height` pixels of it from `top`."""
        whole = self.value("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": top, "width": self.width, "height": height or whole - top, "scale": 1}
        answer = self._ask("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def print(self, path):
        """As PDF, on A4."""
        answer = self._ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69,
                           printBackground=False)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def close(self):
        self.browser.ask("Target.closeTarget", targetId=self.target)
