// How many governments the ticked boxes come to: a group and its members count once.
const table = JSON.parse(document.getElementById("group-members")?.textContent ?? "{}"); // no list once frozen

for (const list of document.querySelectorAll("[data-addressees]")) {
  const shown = list.querySelector("[data-chosen]");
  const count = () => {
    const codes = new Set();
    for (const box of list.querySelectorAll("input:checked")) {
      for (const code of box.name === "groups" ? (table[box.value] ?? []) : [box.value]) codes.add(code);
    }
    shown.querySelector("output").value = codes.size;
    shown.hidden = false;
  };
  list.addEventListener("change", count);
  count();
}
