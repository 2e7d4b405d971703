// The preview follows the choice: after each change, what would leave is fetched again, and until it is there nothing can
// be taken. Without it there is a button for that.
const PARTS = ["preview", "keep-choice"];
let turn = 0;

document.addEventListener("change", (event) => {
  const form = document.getElementById("choice");
  if (form.contains(event.target)) preview(form);
});

async function preview(form) {
  const mine = ++turn;
  for (const id of PARTS) document.getElementById(id).inert = true;
  const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === turn) show(fresh, address);
  } catch {
    if (mine === turn) form.requestSubmit(); // the page says what is wrong
  }
}

function show(fresh, address) {
  const form = document.getElementById("choice");
  const next = fresh.getElementById("choice");
  if (fields(form) !== fields(next)) {
    const focused = document.activeElement?.id;
    next.querySelector("details").open = form.querySelector("details").open;
    form.replaceWith(next);
    if (focused) document.getElementById(focused)?.focus();
  }
  document.querySelector("#choice summary").textContent = next.querySelector("summary").textContent;
  document.getElementById("leaves").textContent = fresh.getElementById("leaves").textContent;
  for (const id of PARTS) {
    const part = document.getElementById(id);
    const other = fresh.getElementById(id);
    for (const field of part.querySelectorAll("input:not([type=hidden]), textarea")) {
      const same = other.querySelector(`[name=${field.name}]`);
      if (same) same.value = field.value;
    }
    part.replaceWith(other);
  }
  history.replaceState(null, "", address);
}

// which fields there are, with their choices: another purpose or letter has others
function fields(form) {
  const described = [...form.elements].map((field) => [field.id, ...[...(field.options ?? [])].map((one) => one.value)].join());
  return described.filter((text) => text).sort().join("|");
}
