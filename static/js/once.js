// On a slow line people press twice. The same form with the same content, sent again while the first is on its way, would do
// the same twice: it is not sent.
const WITHIN = 10_000;
let sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const content = `${new URLSearchParams(new FormData(form, event.submitter))} ${event.submitter?.formAction}`;
  const before = sent.get(form);
  if (before?.content === content && Date.now() - before.at < WITHIN) event.preventDefault();
  else sent.set(form, { content, at: Date.now() });
});
addEventListener("pageshow", () => (sent = new WeakMap())); // back again, with the form as it was
