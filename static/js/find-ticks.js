// A search above a long list of boxes: hides the labels without the words typed. Boxes that are ticked stay in sight.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const find of document.querySelectorAll("[data-find]")) {
  const picks = [...document.getElementById(find.dataset.find).querySelectorAll("label.pick")];
  const input = find.querySelector("input");
  input.addEventListener("input", () => {
    const wanted = plain(input.value.trim());
    for (const pick of picks) {
      pick.hidden = !plain(pick.textContent).includes(wanted) && !pick.querySelector("input").checked;
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would send the form
  });
  find.hidden = false;
}
