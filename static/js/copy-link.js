const [field, button, said] = document.querySelectorAll(".copy > [id]");
button.hidden = false;
button.onclick = async () => {
  const { value, dataset } = button;
  getSelection().selectAllChildren(field);
  said.textContent = await navigator.clipboard.writeText(field.textContent).then(() => value, () => dataset.failed);
};
