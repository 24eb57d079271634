// The readable API: opens addresses, switches tabs, sends forms and shows what comes back.
const csrf = () => (document.cookie.match(/(?:__Host-)?marquee_csrf=([^;]+)/) || [null, ""])[1];

document.querySelector("[data-go]").addEventListener("submit", (event) => {
  event.preventDefault();
  const address = new URL(event.target.address.value, location.origin);
  if (address.origin === location.origin) location.assign(address);
});

const tabs = [...document.querySelectorAll("[role=tab]")];
const select = (tab) => {
  for (const each of tabs) {
    const on = each === tab;
    each.setAttribute("aria-selected", String(on));
    each.tabIndex = on ? 0 : -1;
    document.getElementById(each.getAttribute("aria-controls")).hidden = !on;
  }
};
for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    select(next);
    next.focus();
  });
}

const curl = document.querySelector("[data-curl]");
curl.textContent = `curl '${location.origin}${curl.dataset.curl.replaceAll("'", "%27")}'`;
const python = document.querySelector("[data-python]");
python.textContent = `import json, urllib.request\n\nwith urllib.request.urlopen(${JSON.stringify(
  location.origin + python.dataset.python,
)}) as answer:\n    print(json.load(answer))`;

const typed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const hints = Object.fromEntries(
      [...form.querySelectorAll("label")].map((label) => [
        label.querySelector("input").name,
        label.querySelector("span").textContent,
      ]),
    );
    const body = Object.fromEntries(
      filled.map(([name, value]) => [
        name,
        hints[name].startsWith("string") ? value : typed(value),
      ]),
    );
    const headers = { Accept: "application/json", "X-CSRF-Token": csrf() };
    const etag = [...document.querySelectorAll("#headers .k")].find(
      (name) => name.textContent === "etag",
    );
    if (etag) headers["If-Match"] = etag.nextSibling.textContent.replace(/^:\s*/, "").trim();
    const options = { method: form.dataset.method, headers };
    if (form.querySelector("label")) {
      headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const problem = form.querySelector(".problem");
    problem.hidden = true;
    for (const input of form.querySelectorAll("input")) input.removeAttribute("aria-invalid");
    const answer = await fetch(form.dataset.address, options);
    if (answer.ok) {
      const place = answer.headers.get("Location");
      location.assign(place || location.href);
      return;
    }
    const said = await answer.json().catch(() => ({ detail: answer.statusText }));
    problem.textContent = said.detail;
    problem.hidden = false;
    const input = said.field && form.querySelector(`[name="${CSS.escape(said.field)}"]`);
    if (input) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
  });
}
