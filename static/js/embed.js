// Shows a letter with its form where this script stands on another site:
//   <script src="https://…/embed.js" data-letter="https://…/en/c/…/letters/1/embed/" data-title="…" async></script>
// It sets no cookie and tells nobody anything: it places a frame and makes it as high as the page in it says.
{
  const script = document.currentScript;
  const { origin } = new URL(script.src);
  const letter = new URL(script.dataset.letter, origin);
  if (letter.origin === origin) {
    const frame = document.createElement("iframe");
    frame.src = letter.href;
    frame.title = script.dataset.title || "";
    frame.height = 900;
    frame.loading = "lazy";
    frame.style.cssText = "border: 0; inline-size: 100%";
    script.after(frame);
    addEventListener("message", (event) => {
      const height = Number(event.data?.letterHeight);
      const isOurs = event.origin === origin && event.source === frame.contentWindow;
      if (isOurs && height > 0 && height < 20000) frame.height = Math.ceil(height);
    });
  }
}
