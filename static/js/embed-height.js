// Tells the page around the frame how high the letter is. It is no secret, so any page may hear it; which ones may show
// the frame says the content security policy.
new ResizeObserver(() => {
  parent.postMessage({ letterHeight: document.documentElement.getBoundingClientRect().height }, "*");
}).observe(document.documentElement);
