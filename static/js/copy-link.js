const [field, button, said] = document.querySelectorAll(".copy > :not(label)");
button.hidden = false;
field.onfocus = () => field.select();
button.onclick = async () => {
  field.focus();
  const { value, dataset } = button;
  said.textContent = await navigator.clipboard.writeText(field.value).then(() => value, () => dataset.failed);
};
