// Keeps what goes on fresh: every ten seconds, or as many as data-live says, the parts marked with it are fetched again.
// Without it the page has a link that reloads.
const PAUSE = 1000 * (document.querySelector("[data-live]")?.dataset.live || 10);
const COMES_WITHIN = 30_000;
let left = 0;
addEventListener("beforeunload", () => (left = Date.now()));

async function refresh() {
  if (document.hidden) return true;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!answer.ok) return true;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (Date.now() - left < COMES_WITHIN) return true; // a reload would take the place of the page that comes
  if (!fresh.querySelector("[data-live]")) {
    location.reload(); // it ended: the whole page is another
    return false;
  }
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || part.contains(document.activeElement)) continue;
    const open = [...part.querySelectorAll("details")].map((fold) => fold.open);
    next.querySelectorAll("details").forEach((fold, place) => (fold.open = open[place] ?? fold.open));
    if (next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
  }
  return true;
}

async function turn() {
  let again = true;
  try {
    again = await refresh();
  } catch {
    // no network: the next turn tries again
  }
  if (again) setTimeout(turn, PAUSE);
}

setTimeout(turn, PAUSE);
