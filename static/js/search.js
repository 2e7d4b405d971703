// Suggestions under the search field in the header, as a combobox of the ARIA Authoring Practices, and the keys that
// lead to it. "/" can be turned off (WCAG 2.1.4) on the page of results. Without this script the field is a plain form.
// Pages may replace their header: everything is looked up when it is needed.
const SWITCH = "search-key";
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";
const PAUSE = 120;
let timer = 0;
let request = new AbortController();
let before = null;

const slashOn = () => localStorage.getItem(SWITCH) !== "off";
const part = (id) => document.getElementById(id);
const options = () => [...document.querySelectorAll("#search-list [role=option]")];
const chosen = () => document.querySelector("#search-list [aria-selected=true]");
const isOpen = () => part("search-list")?.hidden === false;

function prepare() {
  const field = part("search");
  if (!field) return;
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": "search-list",
    "aria-expanded": "false",
    "aria-keyshortcuts": slashOn() ? "/ Control+K Meta+K" : "Control+K Meta+K",
  }))
    field.setAttribute(name, value);
  part("search-key-hint").hidden = !slashOn();
  const row = part("search-switch");
  if (!row) return;
  const button = row.querySelector("button");
  row.hidden = false;
  button.textContent = slashOn() ? button.dataset.on : button.dataset.off;
}

function close() {
  clearTimeout(timer);
  request.abort();
  const field = part("search");
  if (!field || !isOpen()) return;
  part("search-list").hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

async function suggest() {
  const field = part("search");
  const words = field.value.trim();
  if (!words) return close();
  request.abort();
  request = new AbortController();
  const address = `${field.dataset.suggestions}?${new URLSearchParams({ q: words })}`;
  try {
    const answer = await fetch(address, {
      signal: request.signal,
      redirect: "error",
      headers: { Accept: "text/html" },
    });
    if (!answer.ok) return close();
    const html = await answer.text();
    if (document.activeElement !== field || field.value.trim() !== words) return;
    show(field, html);
  } catch (error) {
    if (error.name !== "AbortError") close(); // no network, or signed out: Enter still asks for the page of results
  }
}

function show(field, html) {
  const list = part("search-list");
  const kept = chosen()?.dataset.url;
  list.innerHTML = html;
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  field.removeAttribute("aria-activedescendant");
  const listbox = list.querySelector("[role=listbox]");
  field.setAttribute("aria-controls", listbox.id);
  part("search-said").textContent = listbox.dataset.said;
  choose(options().find((option) => option.dataset.url === kept));
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  const field = part("search");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

// one further, with the field itself between the last and the first
function step(by) {
  const all = [null, ...options()];
  choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function open(option, aside) {
  if (aside) return window.open(option.dataset.url, "_blank", "noopener");
  close();
  location.assign(option.dataset.url);
}

function keyInField(event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen()) step(event.key === "ArrowDown" ? 1 : -1);
    else suggest();
  } else if (event.key === "Enter" && isOpen() && chosen()) {
    event.preventDefault();
    open(chosen(), event.ctrlKey || event.metaKey);
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (isOpen()) return close();
    if (before?.isConnected && before !== document.body) before.focus();
    else event.target.blur();
  }
}

function goToField(event) {
  const field = part("search");
  if (!field) return;
  event.preventDefault();
  if (document.activeElement !== field) before = document.activeElement;
  field.focus();
  field.select();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const target = event.target;
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (target.id === "search" && !command) return keyInField(event);
  if (target.isContentEditable || (target.matches(FIELDS) && target.id !== "search")) return;
  // on an Arabic or Cyrillic keyboard the key's place counts
  if (command && (event.key.toLowerCase() === "k" || event.code === "KeyK")) return goToField(event);
  if (event.ctrlKey || event.metaKey || event.altKey || target.id === "search" || !slashOn()) return;
  const elsewhere = event.code === "Slash" && !event.shiftKey && event.key > "\u007f";
  if (event.key === "/" || elsewhere) goToField(event);
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "search") return;
  clearTimeout(timer);
  if (!event.target.value.trim()) return close();
  timer = setTimeout(suggest, PAUSE);
});

document.addEventListener("focusin", (event) => {
  if (!event.target.closest?.("form.search")) close();
  else if (event.target.id === "search" && event.target.getAttribute("role") !== "combobox") prepare();
});

document.addEventListener("pointerdown", (event) => {
  if (event.target.closest("#search-list")) event.preventDefault(); // the field keeps the focus
  else if (!event.target.closest("form.search")) close();
});

document.addEventListener("click", (event) => {
  const option = event.target.closest("#search-list [role=option]");
  if (option) return open(option, event.ctrlKey || event.metaKey);
  if (!event.target.closest("#search-switch button")) return;
  localStorage.setItem(SWITCH, slashOn() ? "off" : "on");
  prepare();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form.search")) close();
});

prepare();
