// The queue without a page load for each signature: forms and links of the page are fetched, and their answer takes the
// place of its content. Single keys press what carries them in data-key; they can be turned off (WCAG 2.1.4). Without
// this script every button and link works as it is.
const SWITCH = "moderation-keys";
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
let busy = "";
let arriving = Promise.resolve();

const said = document.createElement("div");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.body.append(said);

const keysOn = () => localStorage.getItem(SWITCH) !== "off";

function legend() {
  const keys = document.getElementById("keys");
  const button = document.getElementById("keys-switch");
  if (!keys || !button) return;
  keys.hidden = false;
  keys.classList.toggle("off", !keysOn());
  button.textContent = keysOn() ? button.dataset.on : button.dataset.off;
  for (const key of document.querySelectorAll("[data-key] kbd")) key.hidden = !keysOn();
}

function show(html, address) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const ticked = [...document.querySelectorAll("#main [name=row]:checked")].map((box) => box.value);
  for (const part of ["#main", "body > header"]) {
    const old = document.querySelector(part);
    const next = fresh.querySelector(part);
    if (!old || !next) return location.assign(address);
    old.replaceWith(next);
  }
  for (const box of document.querySelectorAll("#main [name=row]")) box.checked ||= ticked.includes(box.value);
  document.title = fresh.title;
  if (address !== location.href) history.replaceState(null, "", address);
  legend();
  const notices = [...document.querySelectorAll("#main .notice")].map((notice) => notice.textContent.trim());
  const wrong = document.querySelector("#main [aria-invalid=true]");
  const next = wrong ?? document.querySelector("#chosen .person-name") ?? document.querySelector("#main h1");
  said.textContent = notices.join(" ");
  next?.focus({ preventScroll: !wrong });
  if (!wrong) window.scrollTo({ top: 0 });
  if (innerWidth < 1120) document.getElementById("chosen")?.scrollIntoView();
}

// One at a time: what is pressed while a page is on its way follows it, but a decision on its way takes no second one.
function load(address, options = {}) {
  if (busy === "POST" || (busy && !options.method)) return;
  busy = options.method ?? "GET";
  arriving = arriving.then(() => fetchAndShow(address, options));
}

async function fetchAndShow(address, options) {
  document.getElementById("main").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
    if (!answer.url.includes("/moderation/")) return location.assign(answer.url); // signed out meanwhile
    show(await answer.text(), options.method ? answer.url : address);
  } catch {
    location.reload(); // no network: what the server knows is shown once it is back
  } finally {
    if (busy === (options.method ?? "GET")) busy = "";
    document.getElementById("main")?.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-inline]")) return;
  event.preventDefault();
  load(form.action, { method: "POST", body: new FormData(form, event.submitter), keepalive: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#keys-switch")) {
    localStorage.setItem(SWITCH, keysOn() ? "off" : "on");
    return legend();
  }
  const link = event.target.closest("a[data-row]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  load(link.href);
});

function step(by) {
  const links = [...document.querySelectorAll("#main tr a[data-row]")];
  const here = links.findIndex((link) => link.closest("tr.on"));
  const further = document.querySelector(`#main nav [rel=${by > 0 ? "next" : "prev"}]`);
  (links[here + by] ?? further)?.click();
}

const MOVES = {
  j: () => step(1),
  k: () => step(-1),
  x: () => document.querySelector("#main tr.on [name=row]")?.click(),
};

function press(key) {
  if (MOVES[key]) return MOVES[key]();
  const control = document.querySelector(`#main [data-key="${key}"]`);
  if (control?.matches("summary")) {
    control.parentElement.open = true;
    control.parentElement.querySelector("textarea")?.focus();
  } else control?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat || event.defaultPrevented) return;
  if (event.target.matches("textarea") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    return event.target.form.requestSubmit(event.target.form.querySelector("[type=submit]"));
  }
  if (event.target.matches("textarea") && event.key === "Escape") {
    const reason = event.target.closest("details");
    if (reason) reason.open = false;
    return reason?.querySelector("summary").focus();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || busy || !keysOn() || event.target.matches(FIELDS)) return;
  // on an Arabic or Cyrillic keyboard the key's place counts
  const key = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();
  if (!MOVES[key] && !document.querySelector(`#main [data-key="${key}"]`)) return;
  event.preventDefault();
  press(key);
});

legend();
